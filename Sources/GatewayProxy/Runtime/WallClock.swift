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

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    init() {
        self.update()
    }

    init(epochSeconds: Int) {
        self.epochSeconds = epochSeconds
        self.format(epochSeconds)
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

    /// The time of day in nanoseconds since 1970, of now; 0 where the system does not tell.
    static func epochNanoseconds() -> Int {
        var time = timespec()
        guard clock_gettime(CLOCK_REALTIME, &time) == 0 else { return 0 }
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    /// A second in Unix time, for people: `2026-11-27 08:33:04 UTC`.
    static func date(_ epochSeconds: Int) -> String {
        let clock = WallClock(epochSeconds: epochSeconds)
        return String(decoding: clock.logSecond, as: UTF8.self).replacing("T", with: " ") + " UTC"
    }

    private mutating func format(_ seconds: Int) {
        var seconds = time_t(seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let time = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
        let year = parts.tm_year + 1900
        let day = Self.days[Int(parts.tm_wday) % 7]
        let month = Self.months[Int(parts.tm_mon) % 12]
        self.httpDate = Array("\(day), \(two(parts.tm_mday)) \(month) \(year) \(time) GMT".utf8)
        self.logSecond = Array(
            "\(year)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T\(time)".utf8)
    }
}
