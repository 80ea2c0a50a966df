import Synchronization

/// All shards of the process; adds them up for a scrape. Any thread.
///
/// Its lock is taken when a worker starts, when a worker first uses a target, and at a scrape, but never to count.
package final class MetricsRegistry: Sendable {
    package let values: LabelValues
    /// The kept traces that stand for buckets.
    package let exemplars = ExemplarStore()
    let workerLayout: MetricLayout
    let targetLayout: MetricLayout
    private let state = Mutex(State())

    private struct State {
        var workers: [MetricShard] = []
        /// By target, then by worker.
        var targets: [String: [Int: MetricShard]] = [:]
    }

    /// Reloads can bring any number of new names; those beyond this limit are counted together, as `other`.
    private static let targetsMax = 1024
    private static let otherTarget = "other"

    package init(values: LabelValues) {
        self.values = values
        self.workerLayout = MetricLayout(scope: .worker, values: values)
        self.targetLayout = MetricLayout(scope: .target, values: values)
    }

    /// Makes the metrics of the next worker.
    package func makeWorker() -> WorkerMetrics {
        let shard = MetricShard(layout: self.workerLayout)
        let index = self.state.withLock { state in
            state.workers.append(shard)
            return state.workers.count - 1
        }
        return WorkerMetrics(registry: self, worker: index, shard: shard)
    }

    /// The shard of a worker for a target; always the same one.
    func shard(worker: Int, target: String) -> MetricShard {
        self.state.withLock { state in
            let isKnown = state.targets[target] != nil
            let name = isKnown || state.targets.count < Self.targetsMax ? target : Self.otherTarget
            if let shard = state.targets[name]?[worker] { return shard }
            let shard = MetricShard(layout: self.targetLayout)
            state.targets[name, default: [:]][worker] = shard
            return shard
        }
    }

    /// All numbers as they are now. They are not read in one instant: a request that ends meanwhile may be in one
    /// number and not in another.
    ///
    /// - Parameter targets: included even if nothing has been counted for them yet.
    package func snapshot(targets: [String] = []) -> MetricsSnapshot {
        let (workers, byTarget) = self.state.withLock { ($0.workers, $0.targets) }
        var snapshot = MetricsSnapshot(
            values: self.values, workerLayout: self.workerLayout, targetLayout: self.targetLayout)
        snapshot.exemplars = self.exemplars.all
        for shard in workers {
            var numbers = [Int](repeating: 0, count: self.workerLayout.cellCount)
            shard.accumulate(into: &numbers)
            snapshot.workers.append(numbers)
        }
        for name in Set(byTarget.keys).union(targets).sorted() {
            var numbers = [Int](repeating: 0, count: self.targetLayout.cellCount)
            for shard in (byTarget[name] ?? [:]).values { shard.accumulate(into: &numbers) }
            snapshot.targets.append((name, numbers))
        }
        return snapshot
    }
}
