import GatewayJSON

/// Reads JSON and collects every mistake on the way, each with its path.
///
/// Every reading function answers something usable even after a mistake, so that one mistake hides no other.
struct DialectReader {
    private(set) var mistakes: [DialectMistake] = []

    /// A node and the path it was reached by.
    struct Place {
        let node: JSONNode
        let path: String

        func member(_ name: String) -> String { Place.child(of: self.path, name) }
        func element(_ index: Int) -> String { "\(self.path)[\(index)]" }

        static func child(of path: String, _ name: String) -> String {
            let isPlain =
                !name.isEmpty
                && name.utf8.allSatisfy {
                    ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x5F
                }
            return isPlain ? "\(path).\(name)" : "\(path)[\"\(name)\"]"
        }
    }

    mutating func mistake(_ place: Place, _ message: String) {
        let position = place.node.position
        self.mistakes.append(
            DialectMistake(path: place.path, message: message, line: position.line, column: position.column))
    }

    mutating func expected(_ what: String, at place: Place) {
        self.mistake(place, "expected \(what), found \(Self.shown(place.node))")
    }

    private static func shown(_ node: JSONNode) -> String {
        switch node.kind {
        case .object, .array: node.kind.noun
        default: String(decoding: node.rawBytes.prefix(60), as: UTF8.self)
        }
    }

    /// The members of an object whose names are known beforehand; any other name is a mistake.
    mutating func object(_ place: Place, knowing names: [String]) -> [String: Place] {
        guard place.node.kind == .object else {
            self.expected("an object", at: place)
            return [:]
        }
        var result: [String: Place] = [:]
        for (name, node) in place.node.members {
            let member = Place(node: node, path: place.member(name))
            if names.contains(name) {
                result[name] = member
            } else {
                let hint = Suggestion.closest(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
                self.mistake(member, "unknown member\(hint)")
            }
        }
        return result
    }

    /// The members of an object whose names are the author's.
    mutating func entries(_ place: Place?) -> [(name: String, value: Place)] {
        guard let place else { return [] }
        guard place.node.kind == .object else {
            self.expected("an object", at: place)
            return []
        }
        return place.node.members.map { ($0.name, Place(node: $0.value, path: place.member($0.name))) }
    }

    mutating func elements(_ place: Place?) -> [Place] {
        guard let place else { return [] }
        guard place.node.kind == .array else {
            self.expected("an array", at: place)
            return []
        }
        return place.node.elements.enumerated().map { Place(node: $1, path: place.element($0)) }
    }

    mutating func string(_ place: Place?) -> String? {
        guard let place else { return nil }
        guard let string = place.node.string, !string.isEmpty else {
            self.expected("a non-empty string", at: place)
            return nil
        }
        return string
    }

    mutating func strings(_ place: Place?) -> [String] {
        self.elements(place).compactMap { self.string($0) }
    }

    mutating func bool(_ place: Place?) -> Bool? {
        guard let place else { return nil }
        guard let bool = place.node.bool else {
            self.expected("true or false", at: place)
            return nil
        }
        return bool
    }

    /// A whole number that is not negative.
    mutating func count(_ place: Place?) -> Int? {
        guard let place else { return nil }
        guard let integer = place.node.integer, integer >= 0, integer <= Int(Int32.max) else {
            self.expected("a whole number that is not negative", at: place)
            return nil
        }
        return integer
    }

    mutating func status(_ place: Place, in range: ClosedRange<Int>) -> Int? {
        guard let integer = place.node.integer, range.contains(integer) else {
            self.expected("an HTTP status from \(range.lowerBound) to \(range.upperBound)", at: place)
            return nil
        }
        return integer
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ place: Place?, _: Choice.Type
    ) -> Choice? where Choice.RawValue == String {
        guard let place else { return nil }
        if let string = place.node.string, let choice = Choice(rawValue: string) { return choice }
        self.expected("one of " + Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "), at: place)
        return nil
    }

    /// An RFC 6901 pointer, as tokens.
    mutating func pointer(_ place: Place?) -> [String]? {
        guard let place else { return nil }
        guard let string = place.node.string, let tokens = JSONPointer.tokens(string) else {
            self.expected("a JSON Pointer such as \"/data/id\", or \"\" for the whole", at: place)
            return nil
        }
        return tokens
    }

    mutating func pointers(_ place: Place?) -> [[String]] {
        self.elements(place).compactMap { self.pointer($0) }
    }
}
