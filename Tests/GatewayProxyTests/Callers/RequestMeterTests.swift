import Dispatch
import Synchronization
import Testing

@testable import GatewayProxy

@Suite("A caller's limit")
struct RequestMeterTests {
    private static let second: UInt64 = 1_000_000_000

    @Test("a burst is admitted at once, then one in each interval")
    func burst() {
        let meter = RequestMeter(requests: 10, periodNanoseconds: 10 * Self.second, burst: 3)
        let now: UInt64 = 100 * Self.second
        #expect((0..<3).allSatisfy { meter.take(1, now: now).remaining == 2 - $0 })
        let refused = meter.take(1, now: now)
        #expect(!refused.isAdmitted)
        #expect(refused.remaining == 0)
        #expect(refused.waitNanoseconds == Self.second)
        #expect(!meter.take(1, now: now + Self.second - 1).isAdmitted)
        #expect(meter.take(1, now: now + Self.second).isAdmitted)
        #expect(!meter.take(1, now: now + Self.second).isAdmitted)
        #expect(meter.take(3, now: now + 100 * Self.second).isAdmitted)
    }

    @Test("several at once are admitted together or not at all")
    func several() {
        let meter = RequestMeter(requests: 60, periodNanoseconds: 60 * Self.second, burst: 5)
        #expect(meter.take(3, now: 0).remaining == 2)
        #expect(!meter.take(3, now: 0).isAdmitted)
        #expect(meter.take(2, now: 0).isAdmitted)
        #expect(!meter.take(6, now: 1_000 * Self.second).isAdmitted)
    }

    @Test("what another limit has refused is given back")
    func givenBack() {
        let limits = CallerLimits(
            rate: RequestMeter(requests: 10, periodNanoseconds: Self.second, burst: 10),
            quota: RequestMeter(requests: 2, periodNanoseconds: 3_600 * Self.second, burst: 2))
        #expect(limits.take(2, now: 0).isAdmitted)
        for _ in 0..<20 {
            let reading = limits.take(1, now: 0)
            #expect(!reading.isAdmitted)
            #expect(reading.violated.map { "\($0)" } == ["quota"])
        }
        #expect(limits.rate?.take(8, now: 0).isAdmitted == true)
    }

    @Test("all threads together get no more than the limit")
    func threads() {
        let meter = RequestMeter(requests: 1_000, periodNanoseconds: 1_000 * Self.second, burst: 1_000)
        let admitted = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for _ in 0..<1_000 where meter.take(1, now: 5).isAdmitted { admitted.wrappingAdd(1, ordering: .relaxed) }
        }
        #expect(admitted.load(ordering: .relaxed) == 1_000)
    }

    @Test("no number that can be configured overflows")
    func extremes() {
        let month: UInt64 = 31 * 24 * 3_600 * Self.second
        for (requests, period, burst) in [
            (1, month, 1_000_000_000), (1_000_000_000, Self.second, 1_000_000_000), (1, Self.second, 1),
            (1_000_000_000, month, 1),
        ] {
            let meter = RequestMeter(requests: requests, periodNanoseconds: period, burst: burst)
            #expect(meter.take(1, now: 300 * 365 * 24 * 3_600 * Self.second).isAdmitted)
        }
    }

    @Test("the fields are lists of strings with parameters")
    func fields() {
        let limits = CallerLimits(
            rate: RequestMeter(requests: 600, periodNanoseconds: 60 * Self.second, burst: 600),
            quota: RequestMeter(requests: 1_000, periodNanoseconds: 86_400 * Self.second, burst: 1_000))
        let fields = limits.take(1, now: 0).policies
        #expect(String(decoding: fields.policy, as: UTF8.self) == #""rate";q=600;w=60, "quota";q=1000;w=86400"#)
        #expect(String(decoding: fields.limit, as: UTF8.self) == #""rate";r=599;t=1, "quota";r=999;t=87"#)
    }
}
