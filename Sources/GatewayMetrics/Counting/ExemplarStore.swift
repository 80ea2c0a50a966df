import Synchronization

/// The last kept trace of each bucket. Bounded by the number of buckets. Any thread; its lock is taken when a trace is
/// kept, and at a scrape in OpenMetrics.
package final class ExemplarStore: Sendable {
    struct Key: Hashable {
        let metric: Metric
        let target: String?
        let label: Int
        let bucket: Int
    }

    private let exemplars = Mutex<[Key: Exemplar]>([:])

    package init() {}

    /// Keeps an exemplar of a histogram with one label of its own, or none.
    ///
    /// - Parameters:
    ///   - target: of a metric of targets.
    ///   - label: the index of the label's value.
    package func set(_ exemplar: Exemplar, of metric: Metric, target: String? = nil, _ label: Int = 0) {
        guard case .histogram(let bounds) = metric.declaration.kind else { return }
        let value = Int(clamping: exemplar.nanoseconds)
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        self.exemplars.withLock { $0[Key(metric: metric, target: target, label: label, bucket: bucket)] = exemplar }
    }

    var all: [Key: Exemplar] { self.exemplars.withLock { $0 } }
}
