import GatewayDocuments

/// Durations as the configuration writes them: a whole number and a unit.
package enum DurationText {
    /// Longest first, so that a duration is written with the largest unit that fits it exactly.
    private static let units: [(suffix: String, milliseconds: Int64)] = [
        ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    static let pattern = "^[0-9]{1,9}(ms|s|m|h)$"

    /// The duration that `text` says; nil where it says none.
    package static func parse(_ text: String) -> Duration? {
        let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        // Nine digits of hours are 3.6e15 ms: nothing here can overflow.
        guard (1...9).contains(digits.count), let number = Int64(String(digits) ?? "") else {
            return nil
        }
        let suffix = String(text.utf8.dropFirst(digits.count)) ?? ""
        guard let unit = self.units.first(where: { $0.suffix == suffix }) else { return nil }
        return .milliseconds(number * unit.milliseconds)
    }

    /// What somebody probably meant who has written another text or a bare number.
    static func hint(for text: String) -> String {
        let units = "a whole number and one of the units ms, s, m and h"
        let bare = text.filter { $0 != " " }
        let digits = bare.prefix { $0.isASCII && $0.isNumber }
        guard (1...9).contains(digits.count) else { return units }
        switch bare.dropFirst(digits.count).lowercased() {
        case "": return "which unit? \"\(digits)ms\", \"\(digits)s\", \"\(digits)m\" or \"\(digits)h\""
        case "ms", "msec", "millis", "milliseconds": return "did you mean \"\(digits)ms\"?"
        case "s", "sec", "secs", "second", "seconds": return "did you mean \"\(digits)s\"?"
        case "m", "min", "mins", "minute", "minutes": return "did you mean \"\(digits)m\"?"
        case "h", "hr", "hrs", "hour", "hours": return "did you mean \"\(digits)h\"?"
        default: return units
        }
    }

    /// `2s`, `1500ms`, `5m`. Exact for whole milliseconds, which is all that can be configured.
    package static func text(_ duration: Duration) -> String {
        let milliseconds = duration.wholeMilliseconds
        if milliseconds == 0 { return "0s" }
        for unit in self.units where milliseconds.isMultiple(of: unit.milliseconds) {
            return "\(milliseconds / unit.milliseconds)\(unit.suffix)"
        }
        return "\(milliseconds)ms"
    }
}

extension Duration {
    /// Rounded toward zero; held at the ends of Int64.
    package var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = self.components
        let (product, hasOverflown) = seconds.multipliedReportingOverflow(by: 1000)
        if hasOverflown { return seconds < 0 ? .min : .max }
        let (sum, isBeyond) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return isBeyond ? (seconds < 0 ? .min : .max) : sum
    }
}

extension ValueKind where Value == Duration {
    static func duration(from shortest: Duration, to longest: Duration) -> ValueKind {
        let lower = DurationText.text(shortest)
        let upper = DurationText.text(longest)
        let expected = "a duration such as \"2s\" or \"500ms\""
        return ValueKind(
            typeName: "duration", range: "\(lower) to \(upper)",
            schema: [
                .init("type", "string"), .init("pattern", .string(DurationText.pattern)),
            ],
            expected: expected,
            read: { place, _ in
                guard let duration = place.node?.string.flatMap(DurationText.parse) else {
                    let written = place.node?.string ?? place.node?.integer.map(String.init)
                    place.refuse(expected: expected, .string, hint: written.map(DurationText.hint) ?? "")
                    return nil
                }
                if duration >= shortest, duration <= longest { return duration }
                place.refuse(expected: "a duration from \(lower) to \(upper)", .string)
                return nil
            },
            render: { .string(DurationText.text($0)) })
    }
}
