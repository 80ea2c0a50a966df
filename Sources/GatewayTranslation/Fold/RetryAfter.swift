/// Reads `Retry-After` (RFC 9110 §10.2.3): seconds, or an IMF-fixdate.
enum RetryAfter {
    /// The longest wait that is passed on, one day: beyond, the number says nothing a caller could use.
    static let secondsMax = 86_400

    /// Nil where it is neither, or where a date comes without the current time to compare it with. A fraction of a
    /// second, which the RFC does not know, counts as a whole one.
    static func seconds(_ value: String, nowEpochSeconds: Int?) -> Int? {
        if let seconds = self.number(value) { return min(seconds, self.secondsMax) }
        guard let now = nowEpochSeconds, let date = self.epochSeconds(value) else { return nil }
        return max(0, min(date - now, self.secondsMax))
    }

    private static func number(_ value: String) -> Int? {
        let bytes = value.utf8.filter { $0 != 0x20 && $0 != 0x09 }
        let whole = bytes.prefix { Self.isDigit($0) }
        let fraction = bytes[whole.count...]
        guard !whole.isEmpty, fraction.isEmpty || fraction.first == UInt8(ascii: "."),
            fraction.dropFirst().allSatisfy({ Self.isDigit($0) })
        else { return nil }
        // More digits than an integer has mean the longest wait.
        guard let seconds = Int(String(decoding: whole, as: UTF8.self)), seconds < Int.max else { return self.secondsMax }
        return seconds + (fraction.dropFirst().contains { $0 != UInt8(ascii: "0") } ? 1 : 0)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func epochSeconds(_ value: String) -> Int? {
        let parts = value.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), let year = Int(parts[3]),
            let month = self.months.firstIndex(of: String(parts[2])), (1...31).contains(day),
            (1970...9999).contains(year)
        else { return nil }
        let clock = parts[4].split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3, (0...23).contains(clock[0]), (0...59).contains(clock[1]), (0...60).contains(clock[2])
        else { return nil }
        return self.days(year: year, month: month + 1, day: day) * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar, counting years from March so that leap days
    /// come last (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
