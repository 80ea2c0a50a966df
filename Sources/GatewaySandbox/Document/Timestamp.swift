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

        var text = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        text += "T\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
        if milliseconds { text += ".\(padded(Int((clamped - Double(total)) * 1000), 3))" }
        return text + "Z"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return digits.count >= width ? digits : String(repeating: "0", count: width - digits.count) + digits
    }
}
