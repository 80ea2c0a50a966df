import Testing

@testable import GatewayProxy

@Suite("The time of day as answers write it")
struct WallClockTests {
    @Test(
        "dates are those of RFC 9110 and of RFC 3339",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37"),
            (0, "Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00"),
            (951_827_696, "Tue, 29 Feb 2000 12:34:56 GMT", "2000-02-29T12:34:56"),
            (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT", "2024-12-31T23:59:59"),
            (4_102_444_800, "Fri, 01 Jan 2100 00:00:00 GMT", "2100-01-01T00:00:00"),
        ])
    func formats(seconds: Int, http: String, log: String) {
        let clock = WallClock(epochSeconds: seconds)
        #expect(String(decoding: clock.httpDate, as: UTF8.self) == http)
        #expect(String(decoding: clock.logSecond, as: UTF8.self) == log)
        #expect(clock.epochSeconds == seconds)
    }

    @Test("a reading of the clock writes the second that it read")
    func update() {
        var clock = WallClock(epochSeconds: 0)
        clock.update()
        let milliseconds = clock.milliseconds
        #expect((0..<1_000).contains(milliseconds))
        #expect(clock.httpDate == WallClock(epochSeconds: clock.epochSeconds).httpDate)
        #expect(clock.logSecond == WallClock(epochSeconds: clock.epochSeconds).logSecond)
    }
}
