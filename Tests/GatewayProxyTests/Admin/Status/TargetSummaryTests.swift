import GatewayMetrics
import GatewayTranslation
import Testing

@testable import GatewayProxy

@Suite("How a target is")
struct TargetSummaryTests {
    private struct Count {
        var code: ProblemCode?
        var origin: CountedOrigin
        var number: Int
    }

    private func summary(_ counts: [Count]) -> TargetSummary {
        let registry = MetricsRegistry(values: .gateway)
        let worker = registry.makeWorker()
        let from = StatusHistory.Sample(at: 0, metrics: registry.snapshot(), workerCPUNanoseconds: [])
        for count in counts {
            worker.target("t").add(
                count.number, to: .deliveries, CountedOperation.update.rawValue,
                count.code?.metricIndex ?? LabelValues.okIndex, count.origin.rawValue)
        }
        let to = StatusHistory.Sample(
            at: 60_000_000_000, metrics: registry.snapshot(), workerCPUNanoseconds: [])
        return TargetSummary("t", in: StatusHistory.Window(from: from, to: to))
    }

    @Test("a target that nothing was asked of is idle")
    func idle() {
        #expect(self.summary([]).health == .idle)
        let mistake = Count(code: .validationFailed, origin: .gateway, number: 9)
        #expect(self.summary([mistake]).health == .idle)
    }

    @Test("a vendor that refuses with reasons is well")
    func refusing() {
        let summary = self.summary([Count(code: .productNotFound, origin: .vendor, number: 100)])
        #expect(summary.health == .well)
        #expect(summary.failures == 100)
    }

    @Test(
        "failures of the vendor make it degraded, then ill",
        arguments: [(4, TargetSummary.Health.well), (5, .degraded), (49, .degraded), (50, .ill), (100, .ill)])
    func failing(failures: Int, expected: TargetSummary.Health) {
        let summary = self.summary([
            Count(code: nil, origin: .none, number: 100 - failures),
            Count(code: .vendorTimeout, origin: .vendor, number: failures),
        ])
        #expect(summary.health == expected)
        #expect(summary.requests == 100)
    }

    @Test("requests that found no room count against it, the gateway's own defects do not")
    func overloaded() {
        #expect(self.summary([Count(code: .overloaded, origin: .gateway, number: 1)]).health == .ill)
        #expect(self.summary([Count(code: .internalError, origin: .gateway, number: 1)]).health == .idle)
    }
}
