import GatewayTranslation
import NIOCore
import Testing

@testable import GatewayProxy

@Suite("A delivery to a target that is paused, left alone or probed")
struct DeliveryHealthTests {
    @Test("while a vendor wants to be left alone, others wait for it, or are told how long it takes")
    func paused() throws {
        let health = TargetHealth()
        let now = NIODeadline.now().uptimeNanoseconds
        health.pause(for: 10 * WorkerFixture.second, because: .rate, now: now)
        let patient = try DeliveryBench(health: health)
        #expect(!patient.isDone)
        #expect(patient.delivery.isScheduled)
        #expect(patient.vendor.dials.isEmpty)
        let hasty = try DeliveryBench(totalSeconds: 5, health: health)
        #expect(hasty.problem?.code == .rateLimited)
        #expect(hasty.problem?.outcome == .notSent)
        #expect(hasty.problem?.isRetryable == true)
        #expect(hasty.problem?.retryAfterSeconds == 10)
        #expect(hasty.delivery.attemptsMade == 0)
        patient.delivery.cut()
        #expect(patient.problem?.outcome == .notSent)
        #expect(health.report(now: now).underWay == 0)
    }

    /// A target that is left alone, and whose next probe is due.
    private static func failedLongAgo() -> TargetHealth {
        let health = TargetHealth()
        let past = NIODeadline.now().uptimeNanoseconds - 100 * WorkerFixture.second
        for _ in 0..<10 {
            _ = health.admit(now: past) { 0 }
            _ = health.ended(.failed, isProbe: false, sentAt: past, now: past) { 0 }
        }
        return health
    }

    @Test("a target that has failed too often is left alone, and nothing is sent")
    func leftAlone() throws {
        let health = TargetHealth()
        let now = NIODeadline.now().uptimeNanoseconds
        for _ in 0..<10 {
            _ = health.admit(now: now) { 1 }
            _ = health.ended(.failed, isProbe: false, sentAt: now, now: now) { 1 }
        }
        let bench = try DeliveryBench(health: health)
        #expect(bench.problem?.code == .vendorUnavailable)
        #expect(bench.problem?.outcome == .notSent)
        #expect(bench.problem?.isRetryable == true)
        #expect((1...2).contains(bench.problem?.retryAfterSeconds ?? 0))
        #expect(bench.vendor.dials.isEmpty)
    }

    @Test("what shows that a target is back is a read, never a create", arguments: [true, false])
    func probe(isUpdate: Bool) throws {
        let health = Self.failedLongAgo()
        let bench = try DeliveryBench(isUpdate ? .update : .create, health: health)
        let connection = try bench.accept()
        #expect(connection.requests[0].method == "GET")
        connection.answer(404, body: "{}")
        #expect(health.report(now: NIODeadline.now().uptimeNanoseconds).open == nil)
        #expect(connection.requests[1].method == (isUpdate ? "PUT" : "POST"))
        connection.answer(isUpdate ? 200 : 201, body: DeliveryBench.product)
        #expect(bench.isProduct)
        #expect(bench.delivery.attemptsMade == 2)
    }

    @Test("a dialect without a read is probed by an update itself")
    func probeWithoutRead() throws {
        let health = Self.failedLongAgo()
        let bench = try DeliveryBench(dialect: Dialect(named: "cor"), health: health)
        let connection = try bench.accept()
        #expect(connection.requests[0].method == "PUT")
        connection.answer(404, body: "{}")
        #expect(bench.problem?.code == .productNotFound)
        #expect(health.report(now: NIODeadline.now().uptimeNanoseconds).open == nil)
    }

    @Test("a probe in vain keeps the target closed, and what was to follow is not sent")
    func probeInVain() throws {
        let health = Self.failedLongAgo()
        let bench = try DeliveryBench(health: health)
        try bench.accept().answer(503, body: "{}")
        #expect(bench.problem?.code == .vendorUnavailable)
        #expect(bench.problem?.outcome == .notSent)
        let report = health.report(now: NIODeadline.now().uptimeNanoseconds)
        #expect(report.open != nil)
        #expect(report.underWay == 0)
    }

    @Test("where the target has had as many retries as it gets, the last failure is told at once and stays retryable")
    func budget() throws {
        var settings = HealthSettings()
        settings.budget = .init(percent: 0, perSecond: 0, windowNanoseconds: 10 * WorkerFixture.second)
        let bench = try DeliveryBench(health: TargetHealth(settings))
        let connection = try bench.accept()
        connection.end(.refused)
        #expect(connection.requests.count == 2, "what the vendor gave back unseen costs it nothing")
        connection.end(.endedWithoutAnswer(reason: "closed"))
        #expect(bench.problem?.code == .vendorUnreachable)
        #expect(bench.problem?.isRetryable == true)
        #expect(bench.delivery.attemptsMade == 2)
    }
}
