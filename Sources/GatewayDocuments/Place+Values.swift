import GatewayJSON

// Reads the value of a place. A value of another kind is reported, and then nil or nothing.
extension Place {
    /// The members of an object whose names its author chooses, in the order of the text.
    package var entries: [(name: String, place: Place)] {
        guard let node = self.node else { return [] }
        guard node.kind == .object else {
            self.refuse(expected: "an object", .object)
            return []
        }
        return node.members.map { ($0.name, self.member($0.name, $0.value)) }
    }

    /// The elements of an array.
    package var elements: [Place] {
        guard let node = self.node else { return [] }
        guard node.kind == .array else {
            self.refuse(expected: "an array", .array)
            return []
        }
        return node.elements.enumerated().map { self.element($0, $1) }
    }

    /// A text that is not empty.
    package func text() -> String? {
        if let text = self.node?.string, !text.isEmpty { return text }
        self.refuse(expected: "a text that is not empty", .string)
        return nil
    }

    /// The texts of an array, without those that are none.
    package func texts() -> [String] { self.elements.compactMap { $0.text() } }

    package func bool() -> Bool? {
        if let bool = self.node?.bool { return bool }
        self.refuse(expected: "true or false", .true, .false)
        return nil
    }

    /// A whole number in `range`.
    ///
    /// - Parameter expected: for the message: `an HTTP status from 200 to 299`.
    package func integer(in range: ClosedRange<Int>, expected: String) -> Int? {
        if let integer = self.node?.integer, range.contains(integer) { return integer }
        self.refuse(expected: expected, .number)
        return nil
    }

    /// One of a few words.
    package func choice<Choice: RawRepresentable<String> & CaseIterable>(_: Choice.Type) -> Choice? {
        if let choice = self.node?.string.flatMap(Choice.init(rawValue:)) { return choice }
        self.refuseChoice(of: Choice.allCases.map(\.rawValue))
        return nil
    }

    /// Reports that none of these words stands here, and which was probably meant.
    package func refuseChoice(of words: [String]) {
        self.refuse(expected: words.quotedAlternatives, .string, hint: self.hint(at: words))
    }

    private func hint(at words: [String]) -> String {
        if let text = self.node?.string {
            return Suggestion.closest(to: text, among: words).map { "did you mean \"\($0)\"?" } ?? ""
        }
        // Such as a TLS version, which looks like a number.
        let written = self.node.map { String(decoding: $0.rawBytes, as: UTF8.self) } ?? ""
        return words.contains(written) ? "it stands in quotes" : ""
    }

    /// An RFC 6901 pointer, as tokens.
    package func pointer() -> [String]? {
        if let tokens = self.node?.string.flatMap(JSONPointer.tokens) { return tokens }
        self.refuse(expected: "a JSON Pointer such as \"/data/id\", or \"\" for the whole", .string)
        return nil
    }

    /// The pointers of an array, without those that are none.
    package func pointers() -> [[String]] { self.elements.compactMap { $0.pointer() } }
}

extension [String] {
    /// `"one", "two" or "three"`.
    package var quotedAlternatives: String {
        let quoted = self.map { "\"\($0)\"" }
        guard quoted.count > 1, let last = quoted.last else { return quoted.joined() }
        return "\(quoted.dropLast().joined(separator: ", ")) or \(last)"
    }
}
