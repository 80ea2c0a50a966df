import NIOCore

/// The time of one event loop: monotonic for deadlines and durations, of day for answers and log lines.
///
/// Confined to its event loop.
final class LoopClock {
    private var wall = WallClock()
    private var heldNow: UInt64?

    /// Monotonic nanoseconds: now, or while time is held the moment at which that began.
    func now() -> UInt64 {
        self.heldNow ?? NIODeadline.now().uptimeNanoseconds
    }

    /// Monotonic nanoseconds, always of now: for measuring what happens within one read.
    func exactNow() -> UInt64 {
        NIODeadline.now().uptimeNanoseconds
    }

    /// Lets everything that one read brings about happen at one moment, which is the result: a request looks at the
    /// clock a dozen times, and reading it costs more than looking.
    ///
    /// `release` must follow before the event loop turns to anything else.
    func hold() -> UInt64 {
        let now = NIODeadline.now().uptimeNanoseconds
        self.heldNow = now
        self.wall.update()
        return now
    }

    /// Something took long, up to `now`: what follows must not count it as still to come.
    func timePassed(to now: UInt64) {
        if self.heldNow != nil { self.heldNow = now }
    }

    func release() {
        self.heldNow = nil
    }

    /// For log lines: RFC 3339 in UTC up to the seconds, and the milliseconds within the second.
    var logTime: (second: [UInt8], milliseconds: Int) {
        if self.heldNow == nil { self.wall.update() }
        return (self.wall.logSecond, self.wall.milliseconds)
    }

    /// For `date` (RFC 9110 section 5.6.7).
    var httpDate: [UInt8] {
        if self.heldNow == nil { self.wall.update() }
        return self.wall.httpDate
    }

    var epochSeconds: Int {
        if self.heldNow == nil { self.wall.update() }
        return self.wall.epochSeconds
    }
}
