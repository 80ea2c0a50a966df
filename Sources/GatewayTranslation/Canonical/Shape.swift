/// What a value may look like: types, lengths, characters, choices, items, members.
///
/// Used for the canonical product and, laid over it, for what one vendor documents. Checking, the JSON Schema and
/// the capability matrix all read the same shapes. Immutable.
package final class Shape: Sendable {
    /// JSON types, as a set.
    package struct Types: OptionSet, Sendable, Hashable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let object = Types(rawValue: 1)
        package static let array = Types(rawValue: 2)
        package static let string = Types(rawValue: 4)
        package static let number = Types(rawValue: 8)
        package static let boolean = Types(rawValue: 16)
        package static let null = Types(rawValue: 32)
        package static let any: Types = [.object, .array, .string, .number, .boolean, .null]
    }

    /// What may stand in an object beside its listed members.
    package enum Openness: UInt8, Sendable {
        /// Anything.
        case open
        /// Nothing; another name is the caller's mistake.
        case closedByCanonical
        /// Nothing; another name is one that this target cannot take.
        case closedByTarget
    }

    package struct Member: Sendable {
        package let name: String
        package let shape: Shape
        package let isRequired: Bool

        package init(_ name: String, _ shape: Shape, isRequired: Bool = false) {
            self.name = name
            self.shape = shape
            self.isRequired = isRequired
        }
    }

    package let types: Types
    package let lengthMin: Int?
    package let lengthMax: Int?
    package let characters: CharacterRule?
    /// Whether a text of these characters is a decimal number: `12.50`, without an exponent.
    package let isDecimal: Bool
    package let choices: [String]?
    package let itemsMin: Int?
    package let itemsMax: Int?
    package let minimum: Int?
    package let maximum: Int?
    /// The shape of every element of an array.
    package let items: Shape?
    /// The shape of every member that is not listed in `members`.
    package let values: Shape?
    package let members: [Member]
    package let openness: Openness
    /// Whether `null` as a member means "clear this member" (merge patch) rather than being content.
    package let nullClears: Bool

    package init(
        types: Types = .any, lengthMin: Int? = nil, lengthMax: Int? = nil, characters: CharacterRule? = nil,
        isDecimal: Bool = false, choices: [String]? = nil, itemsMin: Int? = nil, itemsMax: Int? = nil,
        minimum: Int? = nil,
        maximum: Int? = nil, items: Shape? = nil, values: Shape? = nil, members: [Member] = [],
        openness: Openness = .open, nullClears: Bool = false
    ) {
        self.types = types
        self.lengthMin = lengthMin
        self.lengthMax = lengthMax
        self.characters = characters
        self.isDecimal = isDecimal
        self.choices = choices
        self.itemsMin = itemsMin
        self.itemsMax = itemsMax
        self.minimum = minimum
        self.maximum = maximum
        self.items = items
        self.values = values
        self.members = members
        self.openness = openness
        self.nullClears = nullClears
    }

    package static let anything = Shape()
    /// Of a member that a target has no place for: no value has it.
    package static let nothing = Shape(types: [])
    package static let text = Shape(types: .string)
    /// An object whose content is nobody's business but the vendor's.
    package static let object = Shape(types: .object)

    package static func choice(_ choices: String...) -> Shape { Shape(types: .string, choices: choices) }
    package static func list(of items: Shape) -> Shape { Shape(types: .array, items: items) }
    package static func map(of values: Shape) -> Shape { Shape(types: .object, values: values, nullClears: true) }

    /// What is wrong with a text as a value, beside that it is not one of `choices`; nil where it fits.
    func mistake(in text: String) -> String? {
        if let choices = self.choices, !choices.contains(text) {
            return "expected one of \(choices.joined(separator: ", ")), found \"\(text)\""
        }
        let count = text.unicodeScalars.count
        if let least = self.lengthMin, count < least {
            return "expected at least \(least) characters, found \"\(text)\""
        }
        if let most = self.lengthMax, count > most { return "expected at most \(most) characters, found \"\(text)\"" }
        if self.isDecimal, !DecimalText.isOne(text.utf8) {
            return "\(DecimalText.expectation), found \"\(text)\""
        }
        guard let rule = self.characters else { return nil }
        let allowed = rule.allowedBytes
        let fits = text.utf8.allSatisfy { Int($0) < allowed.count && allowed[Int($0)] == 1 }
        return fits ? nil : "\(rule.sentence), found \"\(text)\""
    }

    /// Whether this is an object with names that the caller chooses.
    package var isMap: Bool { self.types == .object && self.values != nil && self.members.isEmpty }
}

extension Shape {
    /// This shape with another one's limits laid over it: both must hold.
    package func tightened(by other: Shape) -> Shape {
        Shape(
            types: self.types.intersection(other.types),
            lengthMin: other.lengthMin ?? self.lengthMin, lengthMax: other.lengthMax ?? self.lengthMax,
            characters: other.characters ?? self.characters, isDecimal: self.isDecimal || other.isDecimal,
            choices: other.choices ?? self.choices,
            itemsMin: other.itemsMin ?? self.itemsMin, itemsMax: other.itemsMax ?? self.itemsMax,
            minimum: other.minimum ?? self.minimum, maximum: other.maximum ?? self.maximum,
            items: Self.tightened(self.items, by: other.items),
            values: Self.tightened(self.values, by: other.values),
            members: self.members(tightenedBy: other),
            openness: other.openness == .open ? self.openness : other.openness, nullClears: self.nullClears)
    }

    private static func tightened(_ shape: Shape?, by other: Shape?) -> Shape? {
        guard let shape, let other else { return shape ?? other }
        return shape.tightened(by: other)
    }

    private func members(tightenedBy other: Shape) -> [Member] {
        var members = self.members.map { member in
            guard let over = other.members.first(where: { $0.name == member.name }) else { return member }
            return Member(
                member.name, member.shape.tightened(by: over.shape),
                isRequired: member.isRequired || over.isRequired)
        }
        for over in other.members where !self.members.contains(where: { $0.name == over.name }) {
            let base = self.values ?? .anything
            members.append(Member(over.name, base.tightened(by: over.shape), isRequired: over.isRequired))
        }
        return members
    }
}
