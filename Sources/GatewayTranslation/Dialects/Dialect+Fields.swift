import GatewayDocuments
import GatewayJSON

extension Dialect {
    static func fields(
        _ place: Place, operations: [Operation], parameters: [Parameter]
    ) -> [Field] {
        let kinds = operations.map(\.kind)
        var fields: [Field] = []
        var places: [Place] = []
        for (pointer, value) in place.entries {
            guard let canonical = CanonicalProduct.index(of: pointer) else {
                let known = CanonicalProduct.fields.map(\.pointer)
                let hint = Suggestion.closest(to: pointer, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
                value.refuse("\"\(pointer)\" is not a canonical pointer\(hint)")
                continue
            }
            let isCarried = operations.contains { $0.carrier(of: canonical) != nil }
            let field = value.readObject { self.field($0, canonical, kinds, parameters, isCarried: isCarried) }
            guard let field else { continue }
            fields.append(field)
            places.append(value)
        }
        self.checkPlaces(fields, places, operations)
        self.checkNeeds(fields, places, among: place.node?.members.map(\.name) ?? [])
        return fields
    }

    /// A field that needs another one needs one that can be given.
    private static func checkNeeds(_ fields: [Field], _ places: [Place], among names: [String]) {
        for (field, place) in zip(fields, places) {
            for needed in field.needed {
                let pointer = CanonicalProduct.fields[needed].pointer
                if needed == field.canonical {
                    place.refuse("\"needs\" names the field itself")
                } else if !names.contains(pointer) {
                    place.refuse("\"needs\" names \(pointer), which is not among the fields: it could never be sent")
                }
            }
            if case .currencyUnits = field.form, !names.contains("/price/currency") {
                place.refuse("the decimals are those of /price/currency, which is not among the fields")
            }
        }
    }

    private static func field(
        _ members: ObjectReader, _ canonical: Int, _ operations: [ProductOperation], _ parameters: [Parameter],
        isCarried: Bool
    ) -> Field? {
        let shape = CanonicalProduct.fields[canonical].shape
        let writable =
            members.optional("operations").map { self.operationList($0, among: operations) } ?? operations
        let required = members.optional("required").map { self.operationList($0, among: writable) } ?? []
        let fixed = members.optional("fixed").flatMap { self.fixed($0, parameters, shape) }
        let forms = FieldForms(members, shape: shape, parameters: parameters)
        let vendor = self.vendor(
            members, parameters, isNeeded: fixed == nil && forms.localized.isEmpty, isSent: !writable.isEmpty)
        var answer = self.answer(members, parameters, shape)
        // Nothing is read of a field that has no place of its own.
        if vendor == [], answer.place == nil, answer.root == nil, fixed == nil, forms.localized.isEmpty {
            answer.isAnswered = false
        }
        // Its pointer is one into a request of its own.
        if isCarried, answer.place == nil, answer.root == nil { answer.isAnswered = false }
        if writable.isEmpty, !answer.isAnswered {
            members.place.refuse("unreachable: the field is neither sent nor answered")
        }
        let values = members.optional("values").map { self.values($0, shape) } ?? []
        if shape.choices != nil, fixed == nil, !members.isPresent("values"), members.node != nil {
            members.place.refuse("\"values\" is missing: this field is one of a closed list of words")
        }
        self.checkMapMembers(members, shape)
        let field = Field(
            canonical: canonical, vendor: vendor ?? [], answerPlace: answer.place, answerRoot: answer.root,
            answerValues: answer.values,
            form: forms.form, entry: forms.entry, entries: forms.entries, identity: forms.identity,
            clearEntry: forms.clearEntry,
            localized: forms.localized,
            ownLocale: forms.ownLocale, keys: members.optional("keys").map(KeyRule.reading),
            needed: members.optional("needs").map(self.needed) ?? [], fixed: fixed,
            keepsRest: members.optional("keepsRest")?.bool() ?? false,
            operations: writable, isAnswered: answer.isAnswered,
            offReason: members.optional("off")?.text(), requiredOperations: required,
            defaultParameter: members.optional("default").flatMap { self.parameter($0, parameters) },
            values: values,
            clear: members.optional("clear")?.node.map(self.compact)
                ?? (forms.clearEntry == nil ? nil : Array("null".utf8)),
            clearsMembers: members.optional("clearMembers")?.bool() ?? false,
            mapSemantics: members.optional("map")?.choice(MapSemantics.self),
            overlay: forms.limits(with: Shape.overlay(members, over: shape)),
            aliases: members.optional("aliases")?.texts() ?? [],
            emptyListIsMap: members.optional("emptyListIsMap")?.bool() ?? false,
            omitsEmpty: members.optional("omitEmpty")?.bool() ?? false,
            entryNames: members.optional("entryNames").map { self.entryNames($0, shape) } ?? [],
            note: members.optional("note")?.text())
        return vendor == nil ? nil : field
    }

    /// Tokens, with none where the field has no place of its own; nil after a mistake.
    private static func vendor(
        _ members: ObjectReader, _ parameters: [Parameter], isNeeded: Bool, isSent: Bool
    ) -> [String]? {
        let place =
            isNeeded && !members.isPresent("answer")
            ? members.required("vendor", expected: "a JSON Pointer to the vendor's field") : members.optional("vendor")
        guard let place else { return isNeeded && !members.isPresent("answer") ? nil : [] }
        // No place in the body: a request that follows is about it.
        if place.node?.isNull == true { return [] }
        guard let vendor = place.pointer() else { return nil }
        if vendor.isEmpty {
            place.refuse("the whole object cannot be one of its fields")
            return nil
        }
        Self.checkTokens(vendor, place, parameters)
        for (depth, number) in vendor.enumerated() where isSent && Int(number) != nil {
            if number == self.elementStep, depth > 0, depth < vendor.count - 1 { continue }
            place.refuse(
                number == self.elementStep
                    ? "\"0\" is an element of a list, which has members: use \"entry\" for one that is a value"
                    : "of a list, only \"0\" can be written: the first element, or the one that \"lists\" tells from "
                        + "others")
        }
        return vendor
    }

    /// A token can be a parameter's value, and nothing else stands in braces.
    static func checkTokens(_ tokens: [String], _ place: Place, _ parameters: [Parameter]) {
        for token in tokens where token.contains("{") {
            guard let name = self.parameter(ofToken: token) else {
                place.refuse("\"\(token)\" is no hole: a step of a pointer can be {parameter:NAME}")
                continue
            }
            if !parameters.contains(where: { $0.name == name }) {
                place.refuse("\"\(name)\" is not among the parameters")
            }
        }
    }

    /// The canonical indexes of other fields.
    private static func needed(_ place: Place) -> [Int] {
        place.elements.compactMap { element in
            guard let index = element.text().flatMap({ CanonicalProduct.index(of: $0) }) else {
                element.refuse("expected a canonical pointer, such as \"/price/currency\"")
                return nil
            }
            return index
        }
    }

    private static func fixed(_ place: Place, _ parameters: [Parameter], _ shape: Shape) -> FixedValue? {
        place.readObject { members in
            members.requireExactlyOne(["parameter", "value"])
            if let value = members.optional("value") {
                guard let text = value.text() else { return nil }
                if let choices = shape.choices, !choices.contains(text) {
                    value.refuseChoice(of: choices)
                } else if let mistake = shape.mistake(in: text) {
                    value.refuse("no value of this field: \(mistake)")
                }
                return .text(text)
            }
            guard let parameter = members.optional("parameter"), let name = parameter.text() else { return nil }
            if !parameters.contains(where: { $0.name == name }) {
                parameter.refuse("\"\(name)\" is not among the parameters")
            }
            return .parameter(name)
        }
    }

    private struct AnswerPlace {
        var isAnswered = true
        var place: [String]?
        var root: [String]?
        var values: [ValuePair]?
    }

    /// Where answers have the field: `false` for nowhere, a pointer, or an object with a pointer and values.
    private static func answer(
        _ members: ObjectReader, _ parameters: [Parameter], _ shape: Shape
    ) -> AnswerPlace {
        guard let place = members.optional("answer") else { return AnswerPlace() }
        switch place.node?.kind {
        case .string:
            let tokens = place.pointer()
            if tokens?.isEmpty == true { place.refuse("the whole object cannot be one of its fields") }
            return AnswerPlace(place: tokens?.isEmpty == false ? tokens : nil)
        case .object:
            return place.readObject { members in
                let tokens = members.optional("at")?.pointer()
                let root = members.optional("root")?.pointer()
                if tokens != nil, root != nil { place.refuse("\"at\" and \"root\" exclude each other") }
                let values = members.optional("values").map { self.values($0, shape) }
                return AnswerPlace(
                    place: tokens?.isEmpty == false ? tokens : nil, root: root?.isEmpty == false ? root : nil,
                    values: values)
            }
        default:
            return AnswerPlace(isAnswered: place.bool() ?? true)
        }
    }

    /// A value without white space between its tokens. Recursive; the parser's depth limit bounds it.
    private static func compact(_ node: JSONNode) -> [UInt8] {
        switch node.kind {
        case .object:
            let members = node.members.map { member in
                var name: [UInt8] = []
                name.append(quoting: member.name)
                return name + [UInt8(ascii: ":")] + self.compact(member.value)
            }
            return Array("{".utf8) + members.joined(separator: ",".utf8) + Array("}".utf8)
        case .array:
            return Array("[".utf8) + node.elements.map { self.compact($0) }.joined(separator: ",".utf8)
                + Array("]".utf8)
        default:
            return Array(node.rawBytes)
        }
    }

    private static func operationList(_ place: Place, among known: [ProductOperation]) -> [ProductOperation] {
        place.elements.compactMap { element in
            guard let operation = element.choice(ProductOperation.self) else { return nil }
            guard known.contains(operation) else {
                element.refuse("unreachable: the field is not sent by \"\(operation.rawValue)\" here")
                return nil
            }
            return operation
        }
    }

    private static func values(_ place: Place, _ shape: Shape) -> [ValuePair] {
        guard let choices = shape.choices else {
            place.refuse("only a field with a closed list of words can have \"values\"")
            return []
        }
        var pairs: [ValuePair] = []
        for (canonical, value) in place.entries {
            guard choices.contains(canonical) else {
                value.refuse("\"\(canonical)\" is not one of " + choices.joined(separator: ", "))
                continue
            }
            guard let node = value.node, node.kind != .null, node.kind != .array else {
                value.refuse(
                    expected: "a string, a number, a boolean or an object", .string, .number, .true, .false, .object)
                continue
            }
            let vendor = Array(node.rawBytes)
            if let other = pairs.first(where: { $0.vendor == vendor }) {
                value.refuse("cannot be inverted: \"\(other.canonical)\" has the same vendor value")
                continue
            }
            pairs.append(ValuePair(canonical: canonical, vendor: vendor))
        }
        if pairs.isEmpty, let node = place.node, node.kind == .object, node.members.isEmpty {
            place.refuse("unreachable: no value is mapped")
        }
        return pairs
    }

    static func parameter(_ place: Place, _ parameters: [Parameter]) -> String? {
        place.readObject { members in
            let parameter = members.required("parameter", expected: "the name of a parameter")
            guard let parameter, let name = parameter.text() else { return nil }
            if !parameters.contains(where: { $0.name == name }) {
                parameter.refuse("\"\(name)\" is not among the parameters")
            }
            return name
        }
    }

    private static func checkMapMembers(_ members: ObjectReader, _ shape: Shape) {
        guard !shape.isMap else { return }
        for name in ["map", "clearMembers", "emptyListIsMap", "omitEmpty", "entryNames", "keys"] {
            members.optional(name)?.refuse("only a map (names chosen by the caller) can have \"\(name)\"")
        }
    }

    private static func entryNames(_ place: Place, _ shape: Shape) -> [(canonical: String, vendor: String)] {
        let known = shape.values?.members.map(\.name) ?? []
        var pairs: [(canonical: String, vendor: String)] = []
        for (canonical, value) in place.entries {
            guard known.contains(canonical) else {
                value.refuse("\"\(canonical)\" is not a member of this map's entries")
                continue
            }
            guard let vendor = value.text() else { continue }
            if pairs.contains(where: { $0.vendor == vendor }) { value.refuse("two members write \"\(vendor)\"") }
            pairs.append((canonical, vendor))
        }
        return pairs
    }

    /// Two fields must not write, nor be read from, one place or one inside the other.
    private static func checkPlaces(_ fields: [Field], _ places: [Place], _ operations: [Operation]) {
        for later in fields.indices {
            for earlier in 0..<later {
                let one = fields[earlier]
                let other = fields[later]
                let name = CanonicalProduct.fields[one.canonical].pointer
                let isShared = one.isInList && other.isInList && one.vendor == other.vendor
                if self.overlap(one.vendor, other.vendor), !isShared,
                    let operation = operations.first(where: { operation in
                        one.operations.contains(operation.kind) && other.operations.contains(operation.kind)
                            && operation.carrier(of: one.canonical) == operation.carrier(of: other.canonical)
                    })
                {
                    places[later].refuse("\(name) already writes this place in \"\(operation.kind.rawValue)\"")
                }
                if one.isInList, other.isInList, one.vendor == other.vendor,
                    self.areAlike(one, other)
                {
                    places[later].refuse("nothing tells its element of the list from \(name)'s: a constant must differ")
                }
                let (from, otherFrom) = (one.answerPlace ?? one.vendor, other.answerPlace ?? other.vendor)
                if one.answerRoot != nil || other.answerRoot != nil { continue }
                if one.isAnswered, other.isAnswered, self.overlap(from, otherFrom), !(one.isInList && other.isInList) {
                    places[later].refuse("\(name) is already read from this place of an answer")
                }
            }
        }
    }

    /// Whether nothing tells the elements of two fields in one list from each other, whatever names are chosen.
    private static func areAlike(_ one: Field, _ other: Field) -> Bool {
        // The one with the names first: what it is like depends on them.
        let (first, second) = one.entries == nil ? (other, one) : (one, other)
        guard let form = first.entry ?? first.entries, let otherForm = second.entry ?? second.entries else {
            return false
        }
        return form.names(likening: otherForm, \.written)?.isEmpty == true
    }

    private static func overlap(_ one: [String], _ other: [String]) -> Bool {
        let shared = min(one.count, other.count)
        return shared > 0 && one.prefix(shared) == other.prefix(shared)
    }
}
