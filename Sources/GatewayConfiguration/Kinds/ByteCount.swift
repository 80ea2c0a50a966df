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

    /// `1MiB`, `64KiB`, `1000B`: exact.
    package static func text(_ bytes: Int) -> String {
        for unit in self.units where bytes != 0 && bytes.isMultiple(of: unit.bytes) {
            return "\(bytes / unit.bytes)\(unit.suffix)"
        }
        return "\(bytes)B"
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
            read: { node, place in
                guard let bytes = node.integer ?? node.string.flatMap(ByteCount.parse) else {
                    let isString = node.kind == .string
                    place.refuse(
                        expected: expected, hint: isString ? "the units are KiB, MiB and GiB" : "")
                    return nil
                }
                if range.contains(bytes) { return bytes }
                place.refuse(expected: "a size from \(lower) to \(upper)")
                return nil
            },
            render: { .string(ByteCount.text($0)) })
    }
}
