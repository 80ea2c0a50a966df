import GatewayDocuments

/// Sizes as the configuration writes them: a whole number of bytes, or one with a binary unit.
package enum ByteCount {
    private static let units: [(suffix: String, bytes: Int)] = [
        ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1),
    ]

    static let pattern = "^[0-9]{1,9}(B|KiB|MiB|GiB)$"

    /// The number of bytes that `text` says; nil where it says none.
    static func parse(_ text: String) -> Int? {
        let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        // Nine digits of GiB are below 2^60: nothing here can overflow.
        guard (1...9).contains(digits.count), let number = Int(String(digits) ?? "") else {
            return nil
        }
        let suffix = String(text.utf8.dropFirst(digits.count)) ?? ""
        guard let unit = self.units.first(where: { $0.suffix == suffix }) else { return nil }
        return number * unit.bytes
    }

    /// What somebody probably meant who has written another text; empty where nothing near is a size.
    static func hint(for text: String) -> String {
        let bare = text.filter { $0 != " " }
        let digits = bare.prefix { $0.isASCII && $0.isNumber }
        guard (1...9).contains(digits.count) else { return "the units are B, KiB, MiB and GiB, of 1024" }
        switch bare.dropFirst(digits.count).lowercased() {
        case "": return "which unit? \"\(digits)KiB\", \"\(digits)MiB\", or \(digits) without quotes for bytes"
        case "k", "kb", "ki", "kib": return "did you mean \"\(digits)KiB\" (1024 bytes each)?"
        case "m", "mb", "mi", "mib": return "did you mean \"\(digits)MiB\" (1024 KiB each)?"
        case "g", "gb", "gi", "gib": return "did you mean \"\(digits)GiB\" (1024 MiB each)?"
        case "b", "byte", "bytes": return "did you mean \"\(digits)B\"?"
        default: return "the units are B, KiB, MiB and GiB, of 1024"
        }
    }

    /// `1MiB`, `64KiB`, `1000B`: exact.
    package static func text(_ bytes: Int) -> String {
        for unit in self.units where bytes != 0 && bytes.isMultiple(of: unit.bytes) {
            return "\(bytes / unit.bytes)\(unit.suffix)"
        }
        return "\(bytes)B"
    }
}

extension ValueKind where Value == MemoryLimit {
    static func memory(in range: ClosedRange<Int>) -> ValueKind {
        let bytes = ValueKind<Int>.bytes(in: range)
        return ValueKind(
            typeName: "size or `\"auto\"`", range: bytes.description.range,
            schema: [
                .init(
                    "oneOf",
                    [
                        ["const": "auto"],
                        ["type": "string", "pattern": .string(ByteCount.pattern)],
                        [
                            "type": "integer", "minimum": .integer(range.lowerBound),
                            "maximum": .integer(range.upperBound),
                        ],
                    ])
            ],
            expected: "\"auto\" or \(bytes.expected)",
            read: { place, context in
                if place.node?.string == "auto" { return .automatic }
                return bytes.read(place, context).map { MemoryLimit.bytes($0) }
            },
            render: { limit in
                switch limit {
                case .automatic: "auto"
                case .bytes(let count): .string(ByteCount.text(count))
                }
            })
    }
}

extension ValueKind where Value == Int {
    static func bytes(in range: ClosedRange<Int>) -> ValueKind {
        let lower = ByteCount.text(range.lowerBound)
        let upper = ByteCount.text(range.upperBound)
        let expected = "a size such as \"1MiB\", \"64KiB\" or a number of bytes"
        return ValueKind(
            typeName: "size", range: "\(lower) to \(upper)",
            schema: [
                .init(
                    "oneOf",
                    [
                        ["type": "string", "pattern": .string(ByteCount.pattern)],
                        [
                            "type": "integer", "minimum": .integer(range.lowerBound),
                            "maximum": .integer(range.upperBound),
                        ],
                    ])
            ],
            expected: expected,
            read: { place, _ in
                let text = place.node?.string
                guard let bytes = place.node?.integer ?? text.flatMap(ByteCount.parse) else {
                    place.refuse(expected: expected, .string, .number, hint: text.map(ByteCount.hint) ?? "")
                    return nil
                }
                if range.contains(bytes) { return bytes }
                place.refuse(
                    expected: "a size from \(lower) to \(upper)", .string, .number,
                    hint: text == nil ? "a number without a unit counts bytes" : "")
                return nil
            },
            render: { .string(ByteCount.text($0)) })
    }
}
