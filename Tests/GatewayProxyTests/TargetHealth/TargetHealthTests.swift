import Testing

@testable import GatewayProxy

@Suite("How a target is")
struct TargetHealthTests {
    private static let second: UInt64 = 1_000_000_000
    private static let start = 1_000 * Self.second

    private static func end(
        _ health: TargetHealth, _ signal: AttemptSignal, now: UInt64 = Self.start
    ) -> TargetHealth.Change {
        _ = health.admit(now: now) { 0.5 }
        return health.ended(signal, isProbe: false, sentAt: now, now: now) { 0.5 }
    }

    @Test("429 and Retry-After pause it, and never open the breaker")
    func pause() {
        let health = TargetHealth()
        for _ in 0..<100 { #expect(Self.end(health, .throttled) == .none) }
        health.pause(for: 5 * Self.second, because: .unavailable, now: Self.start)
        #expect(
            health.admit(now: Self.start) { 0.5 } == .paused(until: Self.start + 5 * Self.second, .unavailable))
        health.pause(for: Self.second, because: .rate, now: Self.start)
        #expect(health.paused.until == Self.start + 5 * Self.second, "what was said first holds as well")
        #expect(health.admit(now: Self.start + 5 * Self.second) { 0.5 } == .go)
        #expect(health.report(now: Self.start).open == nil)
    }

    @Test("whatever a vendor says, it is asked again after five minutes")
    func longestPause() {
        let health = TargetHealth()
        health.pause(for: .max, because: .rate, now: Self.start)
        #expect(health.paused.until == Self.start + 300 * Self.second)
    }

    @Test("what says nothing of the vendor changes nothing")
    func nothing() {
        let health = TargetHealth()
        for _ in 0..<100 { #expect(Self.end(health, .nothing) == .none) }
        #expect(health.report(now: Self.start).open == nil)
        #expect(health.report(now: Self.start).underWay == 0)
    }

    @Test("an open breaker is told with the time that is left, lets one through when it is due, and closes")
    func open() {
        let health = TargetHealth()
        for _ in 0..<9 { #expect(Self.end(health, .failed) == .none) }
        #expect(Self.end(health, .timedOut) == .opened(.inARow))
        #expect(health.isLeftAlone(now: Self.start) == Self.start + Self.second)
        #expect(health.admit(now: Self.start) { 0.5 } == .open(until: Self.start + Self.second))
        let due = Self.start + Self.second
        #expect(health.isLeftAlone(now: due) == nil)
        #expect(health.admit(now: due) { 0.5 } == .probe)
        #expect(health.admit(now: due) { 0.5 } == .open(until: due + 2 * Self.second))
        #expect(health.report(now: due).open?.untilProbeNanoseconds == 2 * Self.second)
        #expect(health.ended(.throttled, isProbe: true, sentAt: due, now: due) { 0.5 } == .none)
        #expect(health.report(now: due).open != nil, "a vendor that asks for less is not back yet")
        let next = due + 2 * Self.second
        #expect(health.admit(now: next) { 0.5 } == .probe)
        #expect(health.ended(.answered, isProbe: true, sentAt: next, now: next) { 0.5 } == .closed)
        #expect(health.admit(now: next) { 0.5 } == .go)
        #expect(health.report(now: next).underWay == 1)
    }

    @Test("a limit that is used up pauses the target until it is given anew")
    func usedUp() {
        let health = TargetHealth()
        health.told(remaining: 3, untilReset: 10 * Self.second, now: Self.start)
        #expect(health.admit(now: Self.start) { 0.5 } == .go)
        health.told(remaining: 0, untilReset: 10 * Self.second, now: Self.start)
        #expect(health.admit(now: Self.start) { 0.5 } == .paused(until: Self.start + 10 * Self.second, .rate))
    }

    @Test("a vendor with a pace is asked at that pace")
    func pace() {
        var settings = HealthSettings()
        settings.rate = .init(requests: 2, perNanoseconds: Self.second, burst: 1)
        let health = TargetHealth(settings)
        #expect(health.admit(now: Self.start) { 0.5 } == .go)
        #expect(health.admit(now: Self.start) { 0.5 } == .paused(until: Self.start + Self.second / 2, .rate))
        #expect(health.report(now: Self.start).underWay == 1)
        health.withdrawn()
        #expect(health.admit(now: Self.start) { 0.5 } == .go)
    }

    @Test("several threads leave no place taken")
    func threads() async {
        let health = TargetHealth()
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<8 {
                group.addTask {
                    for number in 0..<10_000 {
                        let now = Self.start + UInt64(number) * 1_000_000
                        switch health.admit(now: now, random: { 0.5 }) {
                        case .go, .probe:
                            _ = health.ended(
                                (number + thread) % 3 == 0 ? .timedOut : .answered, isProbe: false, sentAt: now,
                                now: now
                            ) { 0.5 }
                        case .paused, .open, .full: break
                        }
                    }
                }
            }
        }
        #expect(health.report(now: Self.start).underWay == 0)
    }
}
