import GatewayDocuments
import GatewayJSON

extension Shape {
    /// A vendor's documented limits, to be laid over the canonical shape. Nil where there are none.
    static func overlay(_ members: ObjectReader, over base: Shape) -> Shape? {
        for name in self.constraintNames { members.declare(name) }
        guard self.constraintNames.contains(where: { members.isPresent($0) }) else { return nil }
        self.checkKinds(members, base)
        let required = members.optional("requiredMembers")?.texts() ?? []
        var listed = (members.optional("members")?.entries ?? []).map { name, place in
            let known = base.members.first { $0.name == name }?.shape ?? base.values ?? .anything
            return Shape.Member(name, self.nested(place, over: known), isRequired: required.contains(name))
        }
        for name in required where !listed.contains(where: { $0.name == name }) {
            listed.append(Shape.Member(name, .anything, isRequired: true))
        }
        func count(_ name: String) -> Int? {
            members.optional(name)?.integer(
                in: 0...Int(Int32.max), expected: "a whole number that is not negative")
        }
        for (least, most) in [("minLength", "maxLength"), ("minItems", "maxItems"), ("minimum", "maximum")] {
            if let lower = count(least), let upper = count(most), lower > upper {
                members.optional(least)?.refuse("\(lower) is more than \"\(most)\", \(upper): no value would fit")
            }
        }
        return Shape(
            lengthMin: count("minLength"), lengthMax: count("maxLength"),
            characters: self.characters(members), choices: self.choices(members, base),
            itemsMin: count("minItems"), itemsMax: count("maxItems"),
            minimum: count("minimum"), maximum: count("maximum"),
            items: members.optional("items").map { self.nested($0, over: base.items ?? .anything) },
            values: members.optional("each").map { self.nested($0, over: base.values ?? .anything) },
            members: listed,
            openness: members.optional("closed")?.bool() == true ? .closedByTarget : .open)
    }

    /// The names of the members that limit a value.
    private static let constraintNames = [
        "minLength", "maxLength", "characters", "withoutCharacters", "oneOf", "minItems", "maxItems", "minimum",
        "maximum", "items", "each", "members", "requiredMembers", "closed",
    ]

    private static func nested(_ place: Place, over base: Shape) -> Shape {
        place.readObject { members in
            let overlay = self.overlay(members, over: base)
            guard let type = members.optional("type") else { return overlay ?? .anything }
            return Shape(types: self.types(type)).tightened(by: overlay ?? .anything)
        }
    }

    private static func types(_ place: Place) -> Shape.Types {
        switch place.node?.string {
        case "object": return .object
        case "array": return .array
        case "string": return .string
        case "number": return .number
        case "boolean": return .boolean
        default:
            place.refuseChoice(of: ["object", "array", "string", "number", "boolean"])
            return .any
        }
    }

    /// A limit on a type that the canonical field does not have would never apply.
    private static func checkKinds(_ members: ObjectReader, _ base: Shape) {
        let kinds: [(Shape.Types, String, [String])] = [
            (.string, "text", ["minLength", "maxLength", "characters", "withoutCharacters", "oneOf"]),
            (.array, "an array", ["minItems", "items"]), (.number, "a number", ["minimum", "maximum"]),
            (.object, "an object", ["each", "members", "requiredMembers", "closed"]),
            ([.array, .object], "an array or a map", ["maxItems"]),
        ]
        for (types, noun, names) in kinds where base.types.isDisjoint(with: types) {
            for name in names {
                members.optional(name)?.refuse("unreachable: the value is not \(noun)")
            }
        }
    }

    static func characters(_ members: ObjectReader) -> CharacterRule? {
        if let only = members.optional("characters") {
            members.optional("withoutCharacters")?.refuse(
                "\"characters\" and \"withoutCharacters\" exclude each other")
            if let rule = only.node?.string.flatMap({ CharacterRule.only($0) }) { return rule }
            only.refuse(expected: "ASCII characters and ranges such as \"A-Za-z0-9._-\"", .string)
        } else if let without = members.optional("withoutCharacters") {
            if let rule = without.node?.string.flatMap({ CharacterRule.without($0) }) { return rule }
            without.refuse(expected: "ASCII characters and ranges such as \" ,\"", .string)
        }
        return nil
    }

    private static func choices(_ members: ObjectReader, _ base: Shape) -> [String]? {
        guard let place = members.optional("oneOf") else { return nil }
        if base.choices != nil {
            place.refuse("this field has a closed list of words already; use \"values\"")
        }
        if place.node?.kind == .array, place.elements.isEmpty {
            place.refuse("expected at least one word, found none")
        }
        return place.texts()
    }
}
