import Testing

@testable import GatewayMetrics

@Suite("Histograms")
struct HistogramTests {
    static let millisecond: UInt64 = 1_000_000

    private func histogram(_ milliseconds: [UInt64]) -> Histogram {
        let registry = MetricsRegistry(values: values)
        let shard = registry.makeWorker().target("t")
        for each in milliseconds { shard.observe(each * Self.millisecond, in: .attemptDuration) }
        let snapshot = registry.snapshot()
        return snapshot.histogram(.attemptDuration, in: snapshot.target("t") ?? [])
    }

    @Test("a duration at a bound belongs to the bucket below it")
    func bounds() {
        let histogram = self.histogram([1, 1, 2, 100_000])
        #expect(histogram.count == 4)
        #expect(histogram.sum == 100_004 * 1_000_000)
        let index = histogram.bounds.firstIndex(of: 1_000_000) ?? 0
        #expect(histogram.buckets[index] == 2)
        #expect(histogram.buckets.last == 1)
    }

    @Test("a quantile lies within the bucket that holds it")
    func quantiles() throws {
        let histogram = self.histogram(Array(repeating: 2, count: 98) + [60, 60])
        let median = try #require(histogram.quantile(0.5))
        #expect((1_000_000...2_500_000).contains(median))
        let slow = try #require(histogram.quantile(0.99))
        #expect((50_000_000...100_000_000).contains(slow))
    }

    @Test("above the last bound a quantile is the last bound, and nothing has none")
    func edges() {
        #expect(self.histogram([100_000]).quantile(0.5) == self.histogram([]).bounds.last)
        #expect(self.histogram([]).quantile(0.5) == nil)
    }

    @Test("what times out after the default 10 or 20 seconds is told as at most a tenth more", arguments: [10.0, 20.0])
    func timeouts(seconds: Double) throws {
        // A deadline is reached within a tick of 50 ms.
        let histogram = self.histogram(Array(repeating: UInt64(seconds * 1000) + 50, count: 100))
        for share in [0.01, 0.5, 0.99] {
            let quantile = try #require(histogram.quantile(share))
            #expect((seconds...seconds * 1.1).contains(Double(quantile) / 1e9))
        }
    }

    @Test("the difference of two moments is what came between them")
    func since() {
        let later = self.histogram([1, 5, 5])
        let difference = later.since(self.histogram([1]))
        #expect(difference.count == 2)
        #expect(difference.sum == 10_000_000)
    }
}
