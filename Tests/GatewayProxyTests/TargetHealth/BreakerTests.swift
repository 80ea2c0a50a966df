import Testing

@testable import GatewayProxy

@Suite("A breaker")
struct BreakerTests {
    private static let second: UInt64 = 1_000_000_000
    private static let start = 1_000 * Self.second

    private static func opened() -> Breaker {
        let breaker = Breaker(.init())
        for _ in 0..<10 { _ = breaker.failed(sentAt: Self.start, now: Self.start, random: 0.5) }
        return breaker
    }

    @Test("ten failures in a row open it, nine do not, and an answer in between begins anew")
    func inARow() {
        let breaker = Breaker(.init())
        for _ in 0..<9 { #expect(breaker.failed(sentAt: Self.start, now: Self.start, random: 0.5) == nil) }
        #expect(breaker.nextProbeAt == 0)
        _ = breaker.answered(isProbe: false, now: Self.start)
        for _ in 0..<9 { #expect(breaker.failed(sentAt: Self.start, now: Self.start, random: 0.5) == nil) }
        #expect(breaker.failed(sentAt: Self.start, now: Self.start, random: 0.5) == .inARow)
        #expect(breaker.nextProbeAt == Self.start + Self.second)
        #expect(breaker.opened?.reason == .inARow)
        #expect(breaker.opened?.at == Self.start)
    }

    @Test("more failures than answers among twenty in half a minute open it; half of each do not")
    func share() {
        let breaker = Breaker(.init())
        for _ in 0..<10 {
            _ = breaker.answered(isProbe: false, now: Self.start)
            #expect(breaker.failed(sentAt: Self.start, now: Self.start, random: 0.5) == nil)
        }
        #expect(breaker.failed(sentAt: Self.start, now: Self.start, random: 0.5) == .share)
    }

    @Test("what is older than half a minute does not count")
    func old() {
        let breaker = Breaker(.init())
        for _ in 0..<9 { _ = breaker.failed(sentAt: Self.start, now: Self.start, random: 0.5) }
        _ = breaker.answered(isProbe: false, now: Self.start)
        for _ in 0..<9 { _ = breaker.failed(sentAt: Self.start, now: Self.start, random: 0.5) }
        _ = breaker.answered(isProbe: false, now: Self.start + 40 * Self.second)
        let later = Self.start + 40 * Self.second
        for _ in 0..<9 { #expect(breaker.failed(sentAt: later, now: later, random: 0.5) == nil) }
    }

    @Test("it is probed after a second, then after two, up to a minute, and by one at a time")
    func probes() {
        let breaker = Self.opened()
        #expect(breaker.takeProbe(now: Self.start + Self.second - 1, random: 0.5) == false)
        var now = Self.start + Self.second
        for pause in [2, 4, 8, 16, 32, 60, 60] as [UInt64] {
            #expect(breaker.takeProbe(now: now, random: 0.5) == true)
            #expect(breaker.takeProbe(now: now, random: 0.5) == false, "another one at the same moment")
            #expect(breaker.nextProbeAt == now + pause * Self.second)
            now = breaker.nextProbeAt
        }
    }

    @Test("pauses are a fifth shorter or longer by chance")
    func jitter() {
        let nearest = Breaker(.init())
        let farthest = Breaker(.init())
        for _ in 0..<10 {
            _ = nearest.failed(sentAt: Self.start, now: Self.start, random: 0)
            _ = farthest.failed(sentAt: Self.start, now: Self.start, random: 1)
        }
        #expect(nearest.nextProbeAt == Self.start + Self.second * 8 / 10)
        #expect(farthest.nextProbeAt == Self.start + Self.second * 12 / 10)
    }

    @Test("a probe that is answered closes it; any other answer does not")
    func closes() {
        let breaker = Self.opened()
        let later = Self.start + 2 * Self.second
        #expect(breaker.answered(isProbe: false, now: later) == false)
        #expect(breaker.nextProbeAt != 0)
        _ = breaker.takeProbe(now: later, random: 0.5)
        #expect(breaker.answered(isProbe: true, now: later) == true)
        #expect(breaker.nextProbeAt == 0)
        #expect(breaker.opened == nil)
        for _ in 0..<9 { #expect(breaker.failed(sentAt: later, now: later, random: 0.5) == nil) }
        #expect(breaker.failed(sentAt: later, now: later, random: 0.5) == .inARow)
        #expect(breaker.nextProbeAt == later + Self.second, "pauses begin anew")
    }

    @Test("what was sent before a recovery does not open it again")
    func stragglers() {
        let breaker = Self.opened()
        let later = Self.start + 2 * Self.second
        _ = breaker.takeProbe(now: later, random: 0.5)
        _ = breaker.answered(isProbe: true, now: later)
        for _ in 0..<100 { #expect(breaker.failed(sentAt: later - 1, now: later + 1, random: 0.5) == nil) }
        #expect(breaker.nextProbeAt == 0)
    }

    @Test("one that is switched off never opens")
    func off() {
        let breaker = Breaker(nil)
        for _ in 0..<1_000 { #expect(breaker.failed(sentAt: Self.start, now: Self.start, random: 0.5) == nil) }
    }
}
