/// Dates of fields (RFC 9110 section 5.6.7): written as IMF-fixdate, read in all three formats.
package enum HTTPDate {
    private static let days: [StaticString] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    package static func bytes(_ time: CalendarTime) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(29)
        text.append(self.days[time.weekday])
        text.append(", ")
        text.append(decimal: time.day, digits: 2)
        text.append(" ")
        text.append(self.months[time.month - 1])
        text.append(" ")
        text.append(decimal: time.year, digits: 4)
        text.append(" ")
        time.appendClock(to: &text)
        text.append(" GMT")
        return text
    }

    /// Seconds since 1970; nil where the text is no date. The day of the week is not looked at.
    ///
    /// - Parameter nowEpochSeconds: tells which century a year of two digits is in: never more than 50 years ahead.
    package static func epochSeconds(_ text: String, nowEpochSeconds: Int) -> Int? {
        // `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`
        let words = text.split(separator: " ")
        let time: CalendarTime?
        switch words.count {
        case 6 where words[0].hasSuffix(",") && words[5] == "GMT":
            time = self.time(day: words[1], month: words[2], year: self.number(words[3], digits: 4), clock: words[4])
        case 4 where words[0].hasSuffix(",") && words[3] == "GMT":
            let date = words[1].split(separator: "-", omittingEmptySubsequences: false)
            guard date.count == 3, let year = self.number(date[2], digits: 2) else { return nil }
            time = self.time(
                day: date[0], month: date[1], year: self.year(year, nowEpochSeconds: nowEpochSeconds), clock: words[2])
        case 5:
            time = self.time(day: words[2], month: words[1], year: self.number(words[4], digits: 4), clock: words[3])
        default:
            time = nil
        }
        return time?.epochSeconds
    }

    private static func time(day: Substring, month: Substring, year: Int?, clock: Substring) -> CalendarTime? {
        let clock = clock.split(separator: ":", omittingEmptySubsequences: false).map { self.number($0, digits: 2) }
        guard let year, clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
            let day = self.number(day, digits: day.utf8.count), day < 100,
            let month = self.months.firstIndex(where: { "\($0)" == month })
        else { return nil }
        return CalendarTime(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
    }

    private static func year(_ twoDigits: Int, nowEpochSeconds: Int) -> Int {
        let now = CalendarTime(epochSeconds: nowEpochSeconds).year
        let year = now - now % 100 + twoDigits
        return year > now + 50 ? year - 100 : year
    }

    private static func number(_ text: Substring, digits: Int) -> Int? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
        else { return nil }
        return Int(text)
    }
}

extension [UInt8] {
    package mutating func append(_ text: StaticString) {
        self.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
