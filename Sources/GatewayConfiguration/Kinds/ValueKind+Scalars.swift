import GatewayDocuments

extension ValueKind where Value == Bool {
    static var boolean: ValueKind {
        let expected = "true or false"
        return ValueKind(
            typeName: "boolean", schema: [.init("type", "boolean")], expected: expected,
            read: { place, _ in place.bool() },
            render: { .bool($0) })
    }
}

extension ValueKind where Value == Int {
    /// A whole number. `noun` names what it counts: "a port number".
    static func integer(in range: ClosedRange<Int>, of noun: String) -> ValueKind {
        let expected = "\(noun) from \(range.lowerBound) to \(range.upperBound)"
        return ValueKind(
            typeName: "integer", range: "\(range.lowerBound) to \(range.upperBound)",
            schema: [
                .init("type", "integer"),
                .init("minimum", .integer(range.lowerBound)),
                .init("maximum", .integer(range.upperBound)),
            ],
            expected: expected,
            read: { place, _ in place.integer(in: range, expected: expected) },
            render: { .integer($0) })
    }
}

extension ValueKind
where Value: CaseIterable & RawRepresentable & Sendable, Value.RawValue == String {
    /// One of a few words.
    static func choice(_: Value.Type) -> ValueKind {
        let words = Value.allCases.map(\.rawValue)
        return ValueKind(
            typeName: "text", range: words.map { "`\($0)`" }.joined(separator: ", "),
            schema: [.init("enum", .array(words.map { .string($0) }))],
            expected: words.quotedAlternatives,
            read: { place, _ in place.choice(Value.self) },
            render: { .string($0.rawValue) })
    }
}

extension ValueKind {
    /// Several of some words, each at most once, in the order of preference.
    static func choices<Word>(_: Word.Type) -> ValueKind
    where Value == [Word], Word: RawRepresentable<String> & CaseIterable & Sendable & Equatable {
        let words = Word.allCases.map(\.rawValue)
        let expected = "a list of one or more of \(words.map { "\"\($0)\"" }.joined(separator: ", "))"
        return ValueKind(
            typeName: "list of texts", range: words.map { "`\($0)`" }.joined(separator: ", "),
            schema: [
                .init("type", "array"), .init("items", ["enum": .array(words.map { .string($0) })]),
                .init("minItems", 1), .init("uniqueItems", true),
            ],
            expected: expected,
            read: { place, _ in
                guard place.node?.kind == .array, !place.elements.isEmpty else {
                    place.refuse(expected: expected, .array)
                    return nil
                }
                var chosen: [Word] = []
                for element in place.elements {
                    guard let word = element.choice(Word.self) else { continue }
                    if chosen.contains(word) {
                        element.refuse("\(element.found) stands in this list twice")
                    } else {
                        chosen.append(word)
                    }
                }
                return chosen.isEmpty ? nil : chosen
            },
            render: { .array($0.map { .string($0.rawValue) }) })
    }
}

extension ValueKind where Value == WorkerCount {
    static var workers: ValueKind {
        // Far more than any machine that runs one gateway has cores.
        let range = 1...256
        let expected = "\"auto\" or a number of workers from 1 to \(range.upperBound)"
        return ValueKind(
            typeName: "integer or `\"auto\"`", range: "1 to \(range.upperBound)",
            schema: [
                .init(
                    "oneOf",
                    [
                        ["const": "auto"],
                        ["type": "integer", "minimum": 1, "maximum": .integer(range.upperBound)],
                    ])
            ],
            expected: expected,
            read: { place, _ in
                if place.node?.string == "auto" { return .automatic }
                if let count = place.node?.integer, range.contains(count) { return .count(count) }
                place.refuse(expected: expected, .string, .number)
                return nil
            },
            render: { workers in
                switch workers {
                case .automatic: "auto"
                case .count(let count): .integer(count)
                }
            })
    }
}
