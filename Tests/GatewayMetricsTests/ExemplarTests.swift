import Testing

@testable import GatewayMetrics

@Suite("Exemplars")
struct ExemplarTests {
    private let registry = MetricsRegistry(values: LabelValues(problemCodes: ["x"], canonicalMembers: ["name"]))

    private func text(_ format: ExpositionFormat) -> String {
        String(decoding: self.registry.snapshot().exposition(format, collected: CollectedValues()), as: UTF8.self)
    }

    @Test("the last kept trace of a bucket stands beside it in OpenMetrics, and nowhere in the old format")
    func exposition() throws {
        let worker = self.registry.makeWorker()
        worker.shard.observe(3_000_000, in: .exchangeDuration, 0)
        worker.target("acme").observe(3_000_000, in: .deliveryDuration, 0)
        for id in ["11", "22"] {
            self.registry.exemplars.set(
                Exemplar(traceID: id, nanoseconds: 3_000_000, epochNanoseconds: 1_500_000_000), of: .exchangeDuration, 0
            )
        }
        self.registry.exemplars.set(
            Exemplar(traceID: "33", nanoseconds: 3_000_000, epochNanoseconds: 1_500_000_000), of: .deliveryDuration,
            target: "acme", 0)
        let lines = self.text(.openMetrics).split(separator: "\n").filter { $0.contains(" # ") && !$0.hasPrefix("#") }
        #expect(lines.count == 2)
        #expect(lines.contains { $0.contains("_bucket{") && $0.hasSuffix(#" # {trace_id="22"} 0.003 1.5"#) })
        #expect(lines.contains { $0.contains(#"target="acme""#) && $0.contains(#"trace_id="33""#) })
        #expect(!self.text(.text).contains("trace_id"))
    }

    @Test("a value above all bounds belongs to the last bucket")
    func beyond() {
        self.registry.makeWorker().shard.observe(.max, in: .exchangeDuration, 0)
        self.registry.exemplars.set(
            Exemplar(traceID: "1", nanoseconds: .max, epochNanoseconds: 0), of: .exchangeDuration, 0)
        #expect(
            self.text(.openMetrics).split(separator: "\n").contains { $0.contains("+Inf") && $0.contains("trace_id") })
    }
}
