import GatewayMetrics
import Testing

@testable import GatewayProxy

@Suite("A share of a gauge")
struct GaugeShareTests {
    @Test("several owners of one gauge add up, and what one gives up is gone")
    func shares() {
        let registry = MetricsRegistry(values: .gateway)
        let shard = registry.makeWorker().target("t")
        var first = GaugeShare(.upstreamQueueDepth, of: shard)
        var second = GaugeShare(.upstreamQueueDepth, of: shard)
        func depth() -> Int {
            let snapshot = registry.snapshot()
            return snapshot.value(.upstreamQueueDepth, in: snapshot.target("t") ?? [])
        }
        first.set(3)
        second.set(2)
        first.set(3)
        #expect(depth() == 5)
        first.set(0)
        #expect(depth() == 2)
    }
}
