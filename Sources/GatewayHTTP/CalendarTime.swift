/// A moment in UTC, to the second, in the parts that dates are written with.
///
/// Counts as POSIX does, without leap seconds, in the proleptic Gregorian calendar.
package struct CalendarTime: Equatable {
    package let year: Int
    /// 1 to 12.
    package let month: Int
    /// 1 to 31.
    package let day: Int
    package let hour: Int
    package let minute: Int
    package let second: Int

    private static let secondsPerDay = 86_400

    /// - Parameter epochSeconds: since 1970-01-01T00:00:00Z.
    package init(epochSeconds: Int) {
        var (days, rest) = epochSeconds.quotientAndRemainder(dividingBy: Self.secondsPerDay)
        if rest < 0 {
            days -= 1
            rest += Self.secondsPerDay
        }
        self.hour = rest / 3600
        self.minute = rest / 60 % 60
        self.second = rest % 60
        // Counted from 0000-03-01 on, in eras of 400 years, so that leap days come last in their year, their four
        // years and their era (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        self.day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        self.month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        self.year = yearOfEra + era * 400 + (self.month <= 2 ? 1 : 0)
    }

    /// Nil where there is no such moment. A second may be 60: RFC 9110 section 5.6.7 has leap seconds.
    package init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        guard (1970...9999).contains(year), (1...12).contains(month),
            (1...Self.days(in: month, of: year)).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Since 1970-01-01T00:00:00Z.
    package var epochSeconds: Int {
        let shifted = self.month <= 2 ? self.year - 1 : self.year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (self.month + (self.month > 2 ? -3 : 9)) + 2) / 5 + self.day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        return days * Self.secondsPerDay + self.hour * 3600 + self.minute * 60 + self.second
    }

    /// 0 is Sunday.
    package var weekday: Int {
        let seconds = self.epochSeconds - self.second
        let days = (seconds >= 0 ? seconds : seconds - Self.secondsPerDay + 1) / Self.secondsPerDay
        // 1970-01-01 was a Thursday.
        return (days % 7 + 11) % 7
    }

    /// `2026-11-27T08:33:03`: RFC 3339 up to the seconds, without its zone.
    package var rfc3339: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(19)
        text.append(decimal: self.year, digits: 4)
        text.append(UInt8(ascii: "-"))
        text.append(decimal: self.month, digits: 2)
        text.append(UInt8(ascii: "-"))
        text.append(decimal: self.day, digits: 2)
        text.append(UInt8(ascii: "T"))
        self.appendClock(to: &text)
        return text
    }

    /// `08:33:03`
    func appendClock(to text: inout [UInt8]) {
        text.append(decimal: self.hour, digits: 2)
        text.append(UInt8(ascii: ":"))
        text.append(decimal: self.minute, digits: 2)
        text.append(UInt8(ascii: ":"))
        text.append(decimal: self.second, digits: 2)
    }
}

extension [UInt8] {
    /// The lowest `digits` digits of a number that is not negative.
    mutating func append(decimal value: Int, digits: Int) {
        var unit = 1
        for _ in 1..<digits { unit *= 10 }
        while unit > 0 {
            self.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value.magnitude / UInt(unit) % 10))
            unit /= 10
        }
    }
}
