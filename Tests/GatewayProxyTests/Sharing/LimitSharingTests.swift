import GatewayStore
import Testing

@testable import GatewayProxy

@Suite("Limits that instances keep together")
struct LimitSharingTests {
    private static let millisecond: UInt64 = 1_000_000
    private static let second: UInt64 = 1_000_000_000
    private static let start = 1_000 * Self.second

    /// Instances with one limit and one store, in simulated time.
    private final class Bench {
        let store = ModelLimitStore()
        let rates: [CellRate]
        let healths: [TargetHealth]
        let counts: [SharingCounts]
        var now = LimitSharingTests.start
        private(set) var failures: [StoreFailure?] = []
        private var sharings: [LimitSharing] = []
        private let lease: Int

        init(requests: Int, per period: UInt64, burst: Int, instances: Int = 3) {
            self.rates = (0..<instances).map { _ in
                CellRate(
                    requests: requests, periodNanoseconds: period, burst: burst,
                    share: LimitShare(
                        name: "caller:shop:rate", requests: requests, periodNanoseconds: period, burst: burst,
                        instances: instances))
            }
            self.healths = (0..<instances).map { _ in TargetHealth() }
            self.counts = (0..<instances).map { _ in SharingCounts() }
            self.lease = self.rates[0].share?.lease ?? 0
            for index in 0..<instances {
                let sharing = LimitSharing(store: ModelLimitStore.Connection(self.store), counts: self.counts[index]) {
                    [unowned self] in self.failures.append($0)
                }
                sharing.replace(rates: [self.rates[index]], targets: [("vendor", self.healths[index])])
                self.sharings.append(sharing)
            }
        }

        /// What the limit lets in in a time from its beginning on, and what may come on top.
        func most(in nanoseconds: UInt64, burst: Int) -> Int {
            burst + Int(nanoseconds / self.rates[0].intervalNanoseconds) + self.rates.count * self.lease
        }

        /// Lets a millisecond pass.
        func step() {
            self.now += LimitSharingTests.millisecond
            self.store.now = self.now
            self.store.deliver()
            guard self.now.isMultiple(of: LimitShare.turnNanoseconds) else { return }
            for sharing in self.sharings { sharing.turn(now: self.now) }
            self.store.deliver()
        }

        func run(milliseconds: Int, each: (Bench) -> Void = { _ in }) {
            for _ in 0..<milliseconds {
                each(self)
                self.step()
            }
        }

        func take(at instance: Int) -> Bool {
            if case .taken = self.rates[instance].take(1, now: self.now) { true } else { false }
        }
    }

    @Test(
        "let in no more than the limit and a lease for each, whoever asks as often as it can",
        arguments: [(100, 1, 100), (1_000, 1, 1), (60, 60, 10), (10, 1, 1)], [UInt64(0), 2, 40])
    func overshoot(limit: (requests: Int, seconds: Int, burst: Int), latencyMilliseconds: UInt64) {
        let period = UInt64(limit.seconds) * Self.second
        let bench = Bench(requests: limit.requests, per: period, burst: limit.burst)
        bench.store.latency = latencyMilliseconds * Self.millisecond
        bench.run(milliseconds: 200)
        var admitted = 0
        var most = 0
        var random = SeededGenerator(seed: 7)
        for millisecond in 0..<10_000 {
            for instance in 0..<3 where Int.random(in: 0..<3, using: &random) > 0 {
                while bench.take(at: instance) { admitted += 1 }
            }
            bench.step()
            most = bench.most(in: UInt64(millisecond + 1) * Self.millisecond, burst: limit.burst)
            #expect(admitted <= most)
        }
        // And not much less than one instance would: a store that is slow makes it no stricter than a few leases.
        let fair = limit.burst + 10 * limit.requests / limit.seconds
        #expect(admitted * 100 >= fair * 85, "\(admitted) of \(fair)")
    }

    @Test("one instance may let in the whole limit while the others are idle")
    func oneInstance() {
        let bench = Bench(requests: 200, per: Self.second, burst: 100)
        bench.run(milliseconds: 200)
        var admitted = 0
        bench.run(milliseconds: 5_000) { bench in while bench.take(at: 0) { admitted += 1 } }
        #expect((1_000...1_100 + 32).contains(admitted), "\(admitted)")
    }

    @Test("a quota that one instance has used up is used up at all")
    func usedUp() {
        let bench = Bench(requests: 50, per: 3_600 * Self.second, burst: 50)
        bench.run(milliseconds: 200)
        var admitted = 0
        bench.run(milliseconds: 1_000) { bench in while bench.take(at: 0) { admitted += 1 } }
        #expect(admitted == 50)
        var others = 0
        bench.run(milliseconds: 1_000) { bench in
            for instance in 1...2 { while bench.take(at: instance) { others += 1 } }
        }
        // What each may let in before it asks.
        #expect(others <= 2 * 16)
        bench.run(milliseconds: 1_000) { bench in #expect((0..<3).allSatisfy { !bench.take(at: $0) }) }
    }

    @Test("without the store each lets in its part, which is counted, reported once, and over when it is back")
    func storeGone() {
        let bench = Bench(requests: 300, per: Self.second, burst: 30)
        bench.run(milliseconds: 200)
        #expect(bench.counts.allSatisfy { $0.alone == 0 })
        bench.store.isGone = true
        bench.run(milliseconds: 1_000) { bench in
            for instance in 0..<3 { while bench.take(at: instance) {} }
        }
        #expect(bench.counts.allSatisfy { $0.alone == 1 && $0.decidedAlone > 0 })
        #expect(bench.failures.count == 3 && bench.failures.allSatisfy { $0 != nil })
        var admitted = [0, 0, 0]
        bench.run(milliseconds: 10_000) { bench in
            for instance in 0..<3 { while bench.take(at: instance) { admitted[instance] += 1 } }
        }
        #expect(admitted.allSatisfy { (990...1_010).contains($0) }, "\(admitted)")
        bench.store.isGone = false
        bench.store.forget()
        bench.run(milliseconds: 300)
        #expect(bench.counts.allSatisfy { $0.alone == 0 })
        #expect(bench.failures.count == 6 && bench.failures.suffix(3).allSatisfy { $0 == nil })
        var afterwards = 0
        bench.run(milliseconds: 10_000) { bench in
            for instance in 0..<3 { while bench.take(at: instance) { afterwards += 1 } }
        }
        #expect(afterwards <= bench.most(in: 10 * Self.second, burst: 30))
    }

    @Test("each lets in one at a time without the store, however small the burst is")
    func smallBurst() {
        let bench = Bench(requests: 1, per: Self.second, burst: 1)
        bench.store.isGone = true
        var admitted = 0
        bench.run(milliseconds: 9_000) { bench in if bench.take(at: 0) { admitted += 1 } }
        #expect(admitted == 3)
    }

    @Test("a store that does not answer is one that is gone, after the time of a lease")
    func silent() {
        let bench = Bench(requests: 300, per: Self.second, burst: 30)
        bench.run(milliseconds: 200)
        bench.store.latency = 60 * Self.second
        #expect(bench.take(at: 0))
        bench.run(milliseconds: 250)
        #expect(bench.counts[0].alone == 1)
    }

    @Test("a store that has forgotten the limit learns it from whoever knows")
    func forgotten() {
        let bench = Bench(requests: 10, per: 3_600 * Self.second, burst: 10)
        bench.run(milliseconds: 200)
        var admitted = 0
        bench.run(milliseconds: 300) { bench in while bench.take(at: 0) { admitted += 1 } }
        bench.store.forget()
        bench.run(milliseconds: 300)
        #expect(admitted == 10)
        #expect(!bench.take(at: 0))
    }

    @Test("what a vendor tells one instance, the others heed; what is over is forgotten")
    func pauses() {
        let bench = Bench(requests: 10, per: Self.second, burst: 10)
        bench.healths[0].pause(for: 5 * Self.second, because: .unavailable, now: bench.now)
        bench.run(milliseconds: 300)
        for health in bench.healths {
            #expect(health.paused.reason == .unavailable)
            let left = health.paused.until &- bench.now
            #expect((4_690...4_720).contains(left / Self.millisecond), "\(left)")
        }
        // It grows no longer by being told around.
        bench.run(milliseconds: 4_800)
        #expect(bench.healths.allSatisfy { $0.paused.until <= bench.now })
    }
}
