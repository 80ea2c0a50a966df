package import GatewayJSON

/// JSON with holes for one value, as it is written into a list, into an action, or around a text; read backwards, it
/// finds the value again.
package indirect enum ValueTemplate: Sendable {
    /// Any JSON without holes.
    case constant([UInt8])
    case object([(name: String, value: ValueTemplate)])
    case array([ValueTemplate])
    /// A string with holes of which none is a value's: parameters.
    case text(TextTemplate)
    /// The value itself: `{value}`.
    case value
    /// The name under which the value stands in its map: `{key}`.
    case key
    /// The locale of a translation: `{locale}`.
    case locale
    /// A member of the value: `{/url}`, or, as a text or a number, `{text:/amount}`, `{number:/amount}`.
    case member([String], VendorType?)
    /// A vendor's field, in an action: `{/name}`.
    case field([String])

    /// What the vendor wants of a scalar.
    package enum VendorType: String, Sendable, CaseIterable {
        case text
        case number
    }

    /// Which holes there can be.
    package enum Use: Sendable {
        /// In the elements of a list.
        case element
        /// In an action: vendor fields, and what a request takes.
        case action
    }

    /// What can be wrong with a template.
    package enum ReadingError: Error, Equatable {
        case unknownHole(String, known: String)
    }

    /// Reads a template. Recursive; the parser's depth limit bounds it.
    package init(_ node: JSONNode, for use: Use) throws(ReadingError) {
        switch node.kind {
        case .object:
            var members: [(name: String, value: ValueTemplate)] = []
            for member in node.members {
                members.append((member.name, try ValueTemplate(member.value, for: use)))
            }
            self = .object(members)
        case .array:
            var elements: [ValueTemplate] = []
            for element in node.elements { elements.append(try ValueTemplate(element, for: use)) }
            self = .array(elements)
        case .string:
            self = try Self.read(node.string ?? "", raw: Array(node.rawBytes), for: use)
        default:
            self = .constant(Array(node.rawBytes))
        }
    }

    private static func read(_ text: String, raw: [UInt8], for use: Use) throws(ReadingError) -> ValueTemplate {
        if text.hasPrefix("{"), text.hasSuffix("}"), text.count > 2 {
            let name = String(text.dropFirst().dropLast())
            if let hole = self.hole(name, for: use) { return hole }
        }
        let template: TextTemplate
        do throws(TextTemplate.ReadingError) {
            template = try TextTemplate(text)
        } catch {
            switch error {
            case .unknownHole(let name): throw .unknownHole(name, known: self.holes(of: use))
            }
        }
        let isKnown =
            use == .action
            || template.parts.allSatisfy {
                switch $0 {
                case .text, .parameter, .odataParameter: true
                default: false
                }
            }
        guard isKnown else { throw .unknownHole(text, known: self.holes(of: use)) }
        return template.constant == nil ? .text(template) : .constant(raw)
    }

    private static func hole(_ name: String, for use: Use) -> ValueTemplate? {
        if use == .action { return name.hasPrefix("/") ? JSONPointer.tokens(name).map { .field($0) } : nil }
        switch name {
        case "value": return .value
        case "key": return .key
        case "locale": return .locale
        default: break
        }
        if name.hasPrefix("/") { return JSONPointer.tokens(name).map { .member($0, nil) } }
        for type in VendorType.allCases where name.hasPrefix(type.rawValue + ":/") {
            return JSONPointer.tokens(String(name.dropFirst(type.rawValue.count + 1))).map { .member($0, type) }
        }
        return nil
    }

    static func holes(of use: Use) -> String {
        switch use {
        case .element:
            "{value}, {key}, {locale}, {/MEMBER}, {text:/MEMBER}, {number:/MEMBER} and {parameter:NAME}"
        case .action: "{/VENDOR/FIELD}, {id}, {parameter:NAME}, {read:/POINTER} and {answer:/POINTER}"
        }
    }

    /// Calls `body` with this template and all within it.
    func forEach(_ body: (ValueTemplate) -> Void) {
        body(self)
        switch self {
        case .object(let members): for member in members { member.value.forEach(body) }
        case .array(let elements): for element in elements { element.forEach(body) }
        default: break
        }
    }

    private func has(_ test: (ValueTemplate) -> Bool) -> Bool {
        var found = false
        self.forEach { if test($0) { found = true } }
        return found
    }

    package var hasValue: Bool {
        self.has {
            switch $0 {
            case .value, .member: true
            default: false
            }
        }
    }
    /// Whether all of the value stands in it.
    package var hasWhole: Bool { self.has { if case .value = $0 { true } else { false } } }
    package var hasKey: Bool { self.has { if case .key = $0 { true } else { false } } }
    package var hasLocale: Bool { self.has { if case .locale = $0 { true } else { false } } }
    package var fields: [[String]] {
        var fields: [[String]] = []
        self.forEach { if case .field(let tokens) = $0 { fields.append(tokens) } }
        return fields
    }
    /// The members of the value that stand in it.
    package var members: [[String]] {
        var members: [[String]] = []
        self.forEach { if case .member(let tokens, _) = $0 { members.append(tokens) } }
        return members
    }
    package var texts: [TextTemplate] {
        var texts: [TextTemplate] = []
        self.forEach { if case .text(let text) = $0 { texts.append(text) } }
        return texts
    }
    package var parameters: [String] { self.texts.flatMap(\.parameters) }
    package var taken: [Taken] { self.texts.flatMap(\.taken) }

    /// The texts that stand in it as they are: what a vendor's message may call the element.
    package var constantTexts: [String] {
        var texts: [String] = []
        self.forEach {
            guard case .constant(let bytes) = $0, bytes.first == UInt8(ascii: "\""), bytes.count > 2 else { return }
            texts.append(String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self))
        }
        return texts
    }
}
