/// A moment in UTC as the vendors print it (RFC 3339).
enum Timestamp {
    /// `2025-12-09T15:22:28Z`, or with `.720` before the Z. `seconds` counts from 1970.
    static func text(_ seconds: Double, milliseconds: Bool = false) -> String {
        // Years 1970 to 9999: the clock of a test may be odd, it must not trap.
        let clamped = seconds.isFinite ? min(max(seconds, 0), 253_402_300_799) : 0
        let total = Int(clamped)
        let (days, second) = (total / 86400, total % 86400)

        // Days to civil date, after Howard Hinnant's "chrono-compatible low-level date algorithms".
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)

        return String(unsafeUninitializedCapacity: 24) { buffer in
            var index = 0
            func put(_ number: Int, width: Int, then separator: UInt8) {
                var rest = number
                for position in stride(from: width - 1, through: 0, by: -1) {
                    buffer[index + position] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
                buffer[index + width] = separator
                index += width + 1
            }
            put(year, width: 4, then: UInt8(ascii: "-"))
            put(month, width: 2, then: UInt8(ascii: "-"))
            put(day, width: 2, then: UInt8(ascii: "T"))
            put(second / 3600, width: 2, then: UInt8(ascii: ":"))
            put(second / 60 % 60, width: 2, then: UInt8(ascii: ":"))
            put(second % 60, width: 2, then: milliseconds ? UInt8(ascii: ".") : UInt8(ascii: "Z"))
            if milliseconds {
                put(Int((clamped - Double(total)) * 1000), width: 3, then: UInt8(ascii: "Z"))
            }
            return index
        }
    }
}
