import Testing

@testable import GatewayProxy

@Suite("The wheel of deadlines")
struct DeadlineWheelTests {
    private final class Named: Deadline {
        let name: String
        init(_ name: String) { self.name = name }
    }

    private static let tick = DeadlineWheel.nanosecondsPerTick
    private static let second: UInt64 = 1_000_000_000
    /// An hour after the clock's start, on a full tick.
    private static let start: UInt64 = 3_600 * second

    private static func names(_ deadlines: [Deadline]) -> [String] {
        deadlines.compactMap { ($0 as? Named)?.name }
    }

    @Test("a deadline is reached at its time, rounded up to the tick, and never early")
    func neverEarly() {
        let wheel = DeadlineWheel(now: Self.start)
        let deadline = Named("a")
        wheel.schedule(deadline, at: Self.start + 10 * Self.tick + 1)
        #expect(deadline.dueAt == Self.start + 11 * Self.tick)
        #expect(wheel.advance(to: Self.start + 11 * Self.tick - 1).isEmpty)
        #expect(deadline.isScheduled)
        #expect(Self.names(wheel.advance(to: Self.start + 11 * Self.tick)) == ["a"])
        #expect(!deadline.isScheduled)
        #expect(deadline.isReached)
        #expect(wheel.count == 0)
        #expect(wheel.advance(to: Self.start + 100 * Self.tick).isEmpty)
    }

    @Test("what lies in the past is reached with the next tick, not at once and not never")
    func past() {
        let wheel = DeadlineWheel(now: Self.start)
        let deadline = Named("a")
        wheel.schedule(deadline, at: 0)
        #expect(wheel.advance(to: Self.start).isEmpty)
        #expect(Self.names(wheel.advance(to: Self.start + Self.tick)) == ["a"])
    }

    @Test("deadlines of one advance come in the order of their ticks")
    func order() {
        let wheel = DeadlineWheel(now: Self.start)
        let deadlines = [7, 3, 9, 1, 5].map { Named("\($0)") }
        for deadline in deadlines {
            wheel.schedule(deadline, at: Self.start + (UInt64(deadline.name) ?? 0) * Self.tick)
        }
        #expect(Self.names(wheel.advance(to: Self.start + 20 * Self.tick)) == ["1", "3", "5", "7", "9"])
    }

    @Test("a cancelled deadline is not reached, its neighbours in the same tick are", arguments: 0..<3)
    func cancel(position: Int) {
        let wheel = DeadlineWheel(now: Self.start)
        let deadlines = ["a", "b", "c"].map(Named.init)
        for deadline in deadlines { wheel.schedule(deadline, at: Self.start + Self.tick) }
        wheel.cancel(deadlines[position])
        wheel.cancel(deadlines[position])
        #expect(wheel.count == 2)
        let left = deadlines.filter { $0 !== deadlines[position] }.map(\.name)
        #expect(Self.names(wheel.advance(to: Self.start + Self.tick)).sorted() == left)
    }

    @Test("a deadline that is set again moves, forwards and backwards")
    func move() {
        let wheel = DeadlineWheel(now: Self.start)
        let deadline = Named("a")
        wheel.schedule(deadline, at: Self.start + 5 * Self.tick)
        wheel.schedule(deadline, at: Self.start + 50 * Self.tick)
        #expect(wheel.count == 1)
        #expect(wheel.advance(to: Self.start + 49 * Self.tick).isEmpty)
        wheel.schedule(deadline, at: Self.start + 1_000 * Self.tick)
        wheel.schedule(deadline, at: Self.start + 60 * Self.tick)
        #expect(Self.names(wheel.advance(to: Self.start + 60 * Self.tick)) == ["a"])
    }

    @Test("a deadline further away than one turn is reached in its own turn", arguments: [26, 52, 600] as [UInt64])
    func turns(seconds: UInt64) {
        let wheel = DeadlineWheel(now: Self.start)
        let deadline = Named("a")
        let due = Self.start + seconds * Self.second
        wheel.schedule(deadline, at: due)
        var now = Self.start
        while now + Self.tick < due {
            now += Self.tick
            #expect(wheel.advance(to: now).isEmpty)
        }
        #expect(Self.names(wheel.advance(to: due)) == ["a"])
    }

    @Test("after a long pause everything that was passed is reached, once, and nothing else")
    func pause() {
        let wheel = DeadlineWheel(now: Self.start)
        let passed = (0..<2_000).map { Named("\($0)") }
        for (number, deadline) in passed.enumerated() {
            wheel.schedule(deadline, at: Self.start + UInt64(number) * Self.second)
        }
        let later = Named("later")
        wheel.schedule(later, at: Self.start + 10_000 * Self.second)
        let reached = wheel.advance(to: Self.start + 5_000 * Self.second)
        #expect(Set(Self.names(reached)) == Set(passed.map(\.name)))
        #expect(reached.count == passed.count)
        #expect(wheel.count == 1)
        #expect(Self.names(wheel.advance(to: Self.start + 10_000 * Self.second)) == ["later"])
    }

    @Test(
        "a clock that has only just begun to run is a clock like any other",
        arguments: [0, 1, 100_000_000, 25_000_000_000] as [UInt64])
    func youngClock(start: UInt64) {
        let wheel = DeadlineWheel(now: start)
        let deadline = Named("a")
        wheel.schedule(deadline, at: start + 3 * Self.tick)
        #expect(wheel.advance(to: start + Self.tick).isEmpty)
        #expect(Self.names(wheel.advance(to: start + 4 * Self.tick)) == ["a"])
    }

    @Test("a clock that goes back or stands still brings nothing")
    func standingClock() {
        let wheel = DeadlineWheel(now: Self.start)
        let deadline = Named("a")
        wheel.schedule(deadline, at: Self.start + Self.tick)
        #expect(wheel.advance(to: Self.start).isEmpty)
        #expect(wheel.advance(to: 0).isEmpty)
        #expect(Self.names(wheel.advance(to: Self.start + Self.tick)) == ["a"])
    }

    @Test("one that is reached and not told yet can still be taken back or moved")
    func takenBack() {
        let wheel = DeadlineWheel(now: Self.start)
        let cancelled = Named("cancelled")
        let moved = Named("moved")
        wheel.schedule(cancelled, at: Self.start + Self.tick)
        wheel.schedule(moved, at: Self.start + Self.tick)
        #expect(wheel.advance(to: Self.start + Self.tick).count == 2)
        wheel.cancel(cancelled)
        wheel.schedule(moved, at: Self.start + 3 * Self.tick)
        #expect(!cancelled.isReached)
        #expect(!moved.isReached)
        #expect(Self.names(wheel.advance(to: Self.start + 3 * Self.tick)) == ["moved"])
    }

    @Test("the wheel holds a deadline until it is reached or cancelled, and not longer")
    func ownership() {
        let wheel = DeadlineWheel(now: Self.start)
        weak var reached: Named?
        weak var cancelled: Named?
        do {
            let first = Named("reached")
            let second = Named("cancelled")
            reached = first
            cancelled = second
            wheel.schedule(first, at: Self.start + Self.tick)
            wheel.schedule(second, at: Self.start + Self.tick)
        }
        #expect(reached != nil)
        if let cancelled { wheel.cancel(cancelled) }
        #expect(cancelled == nil)
        _ = wheel.advance(to: Self.start + Self.tick)
        #expect(reached == nil)
    }

    @Test(
        "it does what a plain list would, whatever is set, moved, cancelled and passed",
        arguments: [1, 2, 3, 4] as [UInt64])
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var now = Self.start
        let wheel = DeadlineWheel(now: now)
        let deadlines = (0..<60).map { Named("\($0)") }
        var due: [String: UInt64] = [:]
        for _ in 0..<3_000 {
            let deadline = deadlines[Int.random(in: 0..<deadlines.count, using: &random)]
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                let at = now + UInt64.random(in: 0...(40 * Self.second), using: &random)
                wheel.schedule(deadline, at: at)
                let tick = max((at + Self.tick - 1) / Self.tick, now / Self.tick + 1)
                due[deadline.name] = tick * Self.tick
            case 2:
                wheel.cancel(deadline)
                due[deadline.name] = nil
            default:
                now += UInt64.random(in: 0...(3 * Self.second), using: &random)
                if Int.random(in: 0..<50, using: &random) == 0 { now += 100 * Self.second }
                let expected = due.filter { $0.value <= now / Self.tick * Self.tick }.map(\.key)
                #expect(Set(Self.names(wheel.advance(to: now))) == Set(expected))
                for name in expected { due[name] = nil }
            }
            #expect(wheel.count == due.count)
        }
    }
}
