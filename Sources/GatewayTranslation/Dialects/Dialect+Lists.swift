import GatewayDocuments
import GatewayJSON

extension Dialect {
    /// What is said of one list: which of its elements the step `0` of a pointer is, what a new one has, and what is
    /// sent of those that nothing is given for.
    package struct ListRule: Sendable {
        /// Tokens relative to the object of the fields.
        package let list: [String]
        /// What the element has by which it is told from others, and which a new one gets.
        package let like: ValueTemplate?
        /// What only a new element gets.
        package let new: ValueTemplate?
        /// The members that are sent back of the vendor's elements, beside what is given; nil for all.
        package let kept: [String]?
    }

    /// The step of a pointer that is an element of a list.
    static let elementStep = "0"

    static func lists(_ place: Place, _ fields: [Field], _ parameters: [Parameter]) -> [ListRule] {
        place.entries.compactMap { name, value in
            guard let list = JSONPointer.tokens(name), !list.isEmpty else {
                value.refuse("\"\(name)\" is no JSON Pointer to a list, such as \"/variants\"")
                return nil
            }
            Self.checkTokens(list, value, parameters)
            let hasElement = fields.contains { field in
                [field.vendor, field.answerPlace ?? []].contains { $0.starts(with: list + [Self.elementStep]) }
            }
            if !hasElement, !fields.contains(where: { $0.identity != nil && $0.vendor == list }) {
                value.refuse(
                    "unreachable: no field is at \(name)/\(Self.elementStep), nor has \"identity\" in this list")
            }
            return value.readObject { members in
                if !hasElement {
                    for name in ["like", "new"] {
                        members.optional(name)?.refuse("unreachable: \"identity\" tells the elements apart")
                    }
                }
                let requests = Requests(parameters: parameters)
                let like = members.optional("like").flatMap { Self.constants($0, requests) }
                let new = members.optional("new").flatMap { Self.constants($0, requests) }
                let kept = members.optional("keep")?.texts()
                if members.node?.members.isEmpty == true { value.refuse("expected \"like\", \"new\" or \"keep\"") }
                let rule = ListRule(list: list, like: like, new: new, kept: kept)
                for path in rule.constants.map({ list + [Self.elementStep] + $0.path })
                where fields.contains(where: { field in
                    !field.vendor.isEmpty && field.vendor != list
                        && (field.vendor.starts(with: path) || path.starts(with: field.vendor))
                }) {
                    value.refuse("a field writes \(path.map { "/" + $0 }.joined()), too")
                }
                return rule
            }
        }
    }

    /// An object of constants and parameters.
    private static func constants(_ place: Place, _ requests: Requests) -> ValueTemplate? {
        guard place.node?.kind == .object, place.node?.members.isEmpty == false else {
            place.refuse(expected: "an object of what an element has", .object)
            return nil
        }
        guard let template = requests.template(place, for: .element) else { return nil }
        if template.hasValue || template.hasKey || template.hasLocale {
            place.refuse("only constants and {parameter:NAME} can stand here")
        }
        return template
    }
}

extension Dialect.ListRule {
    /// Each constant of a new element, and where in it it stands.
    var constants: [(path: [String], value: ValueTemplate)] {
        var constants: [(path: [String], value: ValueTemplate)] = []
        for template in [self.like, self.new] {
            if let template { Self.collect(template, at: [], into: &constants) }
        }
        return constants
    }

    /// Recursive along the form, whose depth the parser's limit bounds.
    private static func collect(
        _ template: ValueTemplate, at path: [String], into constants: inout [(path: [String], value: ValueTemplate)]
    ) {
        guard case .object(let members) = template else {
            constants.append((path, template))
            return
        }
        for member in members { self.collect(member.value, at: path + [member.name], into: &constants) }
    }
}
