import GatewayMetrics
import NIOCore
import NIOEmbedded
import Testing

@testable import GatewayProxy

@Suite("The gate of a target")
struct TargetGateTests {
    private final class Waiter: GateWaiter {
        private(set) var opened = 0
        private(set) var refusal: GateRefusal?
        var onOpen: () -> Void = {}
        override func gateOpened(isProbe _: Bool) {
            self.opened += 1
            self.onOpen()
        }
        override func gateShut(_ refusal: GateRefusal) { self.refusal = refusal }
    }

    private final class Owner {}

    private struct Bench {
        let loop = EmbeddedEventLoop()
        let health: TargetHealth
        let gate: TargetGate
        let one = Owner()
        let other = Owner()

        init(_ change: (inout HealthSettings) -> Void = { _ in }) {
            var settings = HealthSettings()
            settings.concurrencyMax = 2
            change(&settings)
            self.health = TargetHealth(settings)
            self.gate = TargetGate(
                health: self.health, eventLoop: self.loop, clock: LoopClock(), random: LoopRandom(),
                metrics: MetricsRegistry(values: .gateway).makeWorker().target("acme"))
        }

        func enter(_ waiter: Waiter, of owner: Owner? = nil, seconds: UInt64 = 60) -> TargetGate.Decision {
            self.gate.enter(
                waiter, of: QueueOwner(ObjectIdentifier(owner ?? self.one)),
                deadline: NIODeadline.now().uptimeNanoseconds + seconds * 1_000_000_000)
        }

        func end() {
            _ = self.gate.ended(.answered, isProbe: false, sentAt: NIODeadline.now().uptimeNanoseconds)
        }

        static func isWaiting(_ decision: TargetGate.Decision) -> Bool {
            if case .wait = decision { true } else { false }
        }
    }

    @Test("beyond what the target bears they wait, and each that is over lets the next one in")
    func full() {
        let bench = Bench()
        #expect(bench.enter(Waiter()) == .go)
        #expect(bench.enter(Waiter()) == .go)
        let third = Waiter()
        #expect(Bench.isWaiting(bench.enter(third)))
        bench.end()
        #expect(third.opened == 1)
        bench.end()
        bench.end()
        #expect(bench.enter(Waiter()) == .go)
    }

    @Test("everybody's are served in turn")
    func fair() {
        let bench = Bench()
        _ = bench.enter(Waiter())
        _ = bench.enter(Waiter())
        var order: [String] = []
        for (name, owner) in [("a1", bench.one), ("a2", bench.one), ("a3", bench.one), ("b1", bench.other)] {
            let waiter = Waiter()
            waiter.onOpen = { order.append(name) }
            #expect(Bench.isWaiting(bench.enter(waiter, of: owner)))
        }
        for _ in 0..<4 { bench.end() }
        #expect(order == ["a1", "b1", "a2", "a3"])
    }

    @Test("a full queue takes one of those who have most to make room for somebody with less")
    func fullQueue() {
        let bench = Bench { $0.queueMax = 3 }
        _ = bench.enter(Waiter())
        _ = bench.enter(Waiter())
        let greedy = (0..<3).map { _ in Waiter() }
        for waiter in greedy { #expect(Bench.isWaiting(bench.enter(waiter))) }
        #expect(bench.enter(Waiter()) == .refuse(.queueFull))
        #expect(Bench.isWaiting(bench.enter(Waiter(), of: bench.other)))
        #expect(greedy.map(\.refusal) == [nil, nil, .queueFull])
    }

    @Test("while the vendor wants to be left alone they wait, if their time is long enough")
    func paused() {
        let bench = Bench()
        bench.health.pause(for: 10_000_000_000, because: .rate, now: NIODeadline.now().uptimeNanoseconds)
        let patient = Waiter()
        #expect(Bench.isWaiting(bench.enter(patient)))
        guard case .refuse(.paused(let left, .rate)) = bench.enter(Waiter(), seconds: 5) else {
            Issue.record("was not refused")
            return
        }
        #expect((9_000_000_000...10_000_000_000).contains(left))
        guard case .paused(_, .rate) = bench.gate.leave(patient, of: QueueOwner(ObjectIdentifier(bench.one))) else {
            Issue.record("left for another reason")
            return
        }
    }

    @Test("where nobody may wait, a pause is told at once, with the time that it takes")
    func noQueue() {
        let bench = Bench { $0.queueMax = 0 }
        bench.health.pause(for: 10_000_000_000, because: .unavailable, now: NIODeadline.now().uptimeNanoseconds)
        guard case .refuse(.paused(_, .unavailable)) = bench.enter(Waiter()) else {
            Issue.record("was not refused for the pause")
            return
        }
    }

    @Test("those who wait when the target begins to fail are told at once")
    func opens() {
        let bench = Bench { $0.breaker?.failures = 2 }
        _ = bench.enter(Waiter())
        _ = bench.enter(Waiter())
        let third = Waiter()
        _ = bench.enter(third)
        let now = NIODeadline.now().uptimeNanoseconds
        #expect(bench.gate.ended(.failed, isProbe: false, sentAt: now) == .none)
        #expect(third.opened == 1)
        let fourth = Waiter()
        _ = bench.enter(fourth)
        #expect(bench.gate.ended(.failed, isProbe: false, sentAt: now) == .opened(.inARow))
        guard case .leftAlone = fourth.refusal else {
            Issue.record("still waits")
            return
        }
        guard case .refuse(.leftAlone) = bench.enter(Waiter()) else {
            Issue.record("was let in")
            return
        }
    }

    @Test("one that is over as soon as it is let in does not upset the others")
    func reentrant() {
        let bench = Bench()
        _ = bench.enter(Waiter())
        _ = bench.enter(Waiter())
        let waiters = (0..<5).map { _ in Waiter() }
        for waiter in waiters {
            waiter.onOpen = { bench.gate.withdrawn() }
            _ = bench.enter(waiter)
        }
        bench.end()
        #expect(waiters.allSatisfy { $0.opened == 1 })
        #expect(bench.health.report(now: 0).underWay == 1)
    }
}
