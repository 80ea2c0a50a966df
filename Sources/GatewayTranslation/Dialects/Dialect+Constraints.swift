import GatewayJSON

extension Dialect {
    /// The names of the members that limit a value.
    static let constraintNames = [
        "minLength", "maxLength", "characters", "withoutCharacters", "oneOf", "minItems", "maxItems", "minimum",
        "maximum", "items", "each", "members", "requiredMembers", "closed",
    ]

    /// A vendor's documented limits, to be laid over the canonical shape. Nil where there are none.
    static func overlay(
        _ members: [String: DialectReader.Place], _ place: DialectReader.Place, over base: Shape,
        _ reader: inout DialectReader
    ) -> Shape? {
        guard self.constraintNames.contains(where: { members[$0] != nil }) else { return nil }
        self.checkKinds(members, base, &reader)
        let required = reader.strings(members["requiredMembers"])
        var listed = reader.entries(members["members"]).map { name, value in
            let known = base.members.first { $0.name == name }?.shape ?? base.values ?? .anything
            return Shape.Member(name, self.nested(value, over: known, &reader), isRequired: required.contains(name))
        }
        for name in required where !listed.contains(where: { $0.name == name }) {
            listed.append(Shape.Member(name, .anything, isRequired: true))
        }
        return Shape(
            lengthMin: reader.count(members["minLength"]), lengthMax: reader.count(members["maxLength"]),
            characters: self.characters(members, &reader), choices: self.choices(members["oneOf"], base, &reader),
            itemsMin: reader.count(members["minItems"]), itemsMax: reader.count(members["maxItems"]),
            minimum: reader.count(members["minimum"]), maximum: reader.count(members["maximum"]),
            items: members["items"].map { self.nested($0, over: base.items ?? .anything, &reader) },
            values: members["each"].map { self.nested($0, over: base.values ?? .anything, &reader) },
            members: listed,
            openness: reader.bool(members["closed"]) == true ? .closedByTarget : .open)
    }

    private static func nested(
        _ place: DialectReader.Place, over base: Shape, _ reader: inout DialectReader
    ) -> Shape {
        let members = reader.object(place, knowing: self.constraintNames + ["type"])
        let overlay = self.overlay(members, place, over: base, &reader)
        guard let type = members["type"] else { return overlay ?? .anything }
        return Shape(types: self.types(type, &reader)).tightened(by: overlay ?? .anything)
    }

    private static func types(_ place: DialectReader.Place, _ reader: inout DialectReader) -> Shape.Types {
        switch place.node.string {
        case "object": return .object
        case "array": return .array
        case "string": return .string
        case "number": return .number
        case "boolean": return .boolean
        default:
            reader.expected("\"object\", \"array\", \"string\", \"number\" or \"boolean\"", at: place)
            return .any
        }
    }

    /// A limit on a type that the canonical field does not have would never apply.
    private static func checkKinds(
        _ members: [String: DialectReader.Place], _ base: Shape, _ reader: inout DialectReader
    ) {
        let kinds: [(Shape.Types, String, [String])] = [
            (.string, "text", ["minLength", "maxLength", "characters", "withoutCharacters", "oneOf"]),
            (.array, "an array", ["minItems", "items"]), (.number, "a number", ["minimum", "maximum"]),
            (.object, "an object", ["each", "members", "requiredMembers", "closed"]),
            ([.array, .object], "an array or a map", ["maxItems"]),
        ]
        for (types, noun, names) in kinds where base.types.isDisjoint(with: types) {
            for name in names {
                guard let place = members[name] else { continue }
                reader.mistake(place, "unreachable: the value is not \(noun)")
            }
        }
    }

    private static func characters(
        _ members: [String: DialectReader.Place], _ reader: inout DialectReader
    ) -> CharacterRule? {
        if let only = members["characters"] {
            if let second = members["withoutCharacters"] {
                reader.mistake(second, "\"characters\" and \"withoutCharacters\" exclude each other")
            }
            if let rule = reader.string(only).flatMap({ CharacterRule.only($0) }) { return rule }
            reader.expected("ASCII characters and ranges such as \"A-Za-z0-9._-\"", at: only)
        } else if let without = members["withoutCharacters"] {
            if let rule = reader.string(without).flatMap({ CharacterRule.without($0) }) { return rule }
            reader.expected("ASCII characters and ranges such as \" ,\"", at: without)
        }
        return nil
    }

    private static func choices(
        _ place: DialectReader.Place?, _ base: Shape, _ reader: inout DialectReader
    ) -> [String]? {
        guard let place else { return nil }
        if base.choices != nil {
            reader.mistake(place, "this field has a closed list of words already; use \"values\"")
        }
        let choices = reader.strings(place)
        if choices.isEmpty { reader.expected("at least one word", at: place) }
        return choices
    }
}
