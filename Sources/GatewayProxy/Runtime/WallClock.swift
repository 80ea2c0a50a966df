import GatewayHTTP
import Glibc

/// The time of day, as answers and log lines write it; formatted once a second. Confined to one event loop.
struct WallClock {
    private(set) var epochSeconds = 0
    /// Within the second.
    private(set) var milliseconds = 0
    /// For `date` (RFC 9110 section 5.6.7).
    private(set) var httpDate: [UInt8] = []
    /// For log lines: RFC 3339 in UTC, up to the seconds.
    private(set) var logSecond: [UInt8] = []

    init() {
        self.update()
    }

    init(epochSeconds: Int) {
        self.epochSeconds = epochSeconds
        self.format(epochSeconds)
    }

    /// Unix time in nanoseconds; 0 if the system has no clock.
    static func epochNanoseconds() -> Int {
        var time = timespec()
        guard clock_gettime(CLOCK_REALTIME, &time) == 0 else { return 0 }
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    /// Reads the clock.
    mutating func update() {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        if time.tv_sec != self.epochSeconds || self.httpDate.isEmpty {
            self.epochSeconds = time.tv_sec
            self.format(time.tv_sec)
        }
        self.milliseconds = time.tv_nsec / 1_000_000
    }

    /// A second in Unix time, for people: `2026-11-27 08:33:04 UTC`.
    static func date(_ epochSeconds: Int) -> String {
        let clock = WallClock(epochSeconds: epochSeconds)
        return String(decoding: clock.logSecond, as: UTF8.self).replacing("T", with: " ") + " UTC"
    }

    private mutating func format(_ seconds: Int) {
        let time = CalendarTime(epochSeconds: seconds)
        self.httpDate = HTTPDate.bytes(time)
        self.logSecond = time.rfc3339
    }
}
