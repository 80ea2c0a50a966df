import GatewayHTTP
import Testing

@Suite("Dates of fields")
struct DateTests {
    private static let now = 1_796_000_000  // in 2026

    @Test(
        "all three formats of RFC 9110 are read, white space of any width included",
        arguments: [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
            "Mon, 6 Nov 1994 08:49:37 GMT",
        ])
    func formats(text: String) {
        #expect(HTTPDate.epochSeconds(text, nowEpochSeconds: Self.now) == 784_111_777)
    }

    @Test(
        "a year of two digits is at most fifty years ahead",
        arguments: [("Friday, 01-Jan-76 00:00:00 GMT", 2076), ("Saturday, 01-Jan-77 00:00:00 GMT", 1977)])
    func twoDigits(text: String, year: Int) throws {
        let seconds = try #require(HTTPDate.epochSeconds(text, nowEpochSeconds: Self.now))
        #expect(CalendarTime(epochSeconds: seconds).year == year)
    }

    @Test(
        "what is no date is none",
        arguments: [
            "", "soon", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 31 Nov 1994 08:49:37 GMT",
            "Sun, 29 Feb 2026 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT",
            "Sun, 06 Nov 1994 8:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
            "Sun, 06 Nov 1969 08:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37.5 GMT",
            "Sun 06 Nov 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT",
            "Sun, 99999999999999999999 Nov 1994 08:49:37 GMT", "Sun Nov  6 08:49:37 GMT 1994",
        ])
    func noDates(text: String) {
        #expect(HTTPDate.epochSeconds(text, nowEpochSeconds: Self.now) == nil)
    }

    @Test("each day of four centuries and more is written and read as itself, and follows the one before")
    func everyDay() throws {
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        var before = CalendarTime(epochSeconds: -1)
        for day in 0..<160_000 {
            let seconds = day * 86_400 + day % 86_400
            let time = CalendarTime(epochSeconds: seconds)
            #expect(time.epochSeconds == seconds)
            let isNext =
                time.day == before.day + 1 && time.month == before.month
                || time.day == 1 && (time.month == before.month + 1 || time.month == 1 && before.month == 12)
            #expect(isNext, "\(before) and then \(time)")
            before = time
            guard day % 997 == 0 else { continue }
            let text = String(decoding: HTTPDate.bytes(time), as: UTF8.self)
            #expect(text.hasPrefix(weekdays[day % 7] + ", "))
            #expect(HTTPDate.epochSeconds(text, nowEpochSeconds: Self.now) == seconds)
        }
    }

    @Test("times before 1970 have their parts too")
    func beforeTheEpoch() {
        let time = CalendarTime(epochSeconds: -1)
        #expect(String(decoding: time.rfc3339, as: UTF8.self) == "1969-12-31T23:59:59")
        #expect(time.weekday == 3)
    }

    @Test(
        "Retry-After is seconds or a date, and never more than a day",
        arguments: [
            ("120", 120), (" 7\t", 7), ("0", 0), ("86400", 86_400), ("86401", 86_400),
            ("99999999999999999999999", 86_400), ("1 2", nil), ("-1", nil), ("1.5", 2), ("2.0", 2), ("2.", 2),
            (".5", nil), ("1.5.1", nil), ("1.x", nil), ("86399.1", 86_400), ("", nil), ("soon", nil),
            ("Mon, 30 Nov 2026 00:53:30 GMT", 10), (" Sun, 06 Nov 1994 08:49:37 GMT ", 0),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        ])
    func retryAfter(value: String, seconds: Int?) {
        #expect(RetryAfter.seconds(value, nowEpochSeconds: Self.now) == seconds)
    }

    @Test("a date without a clock is nothing")
    func withoutClock() {
        #expect(RetryAfter.seconds("Sun, 06 Nov 1994 08:49:37 GMT", nowEpochSeconds: nil) == nil)
        #expect(RetryAfter.seconds("5", nowEpochSeconds: nil) == 5)
    }
}
