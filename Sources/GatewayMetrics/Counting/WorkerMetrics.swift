/// The metrics of one worker. Confined to its event loop; other threads read the shards in it.
package final class WorkerMetrics {
    /// The numbers that belong to no target.
    package let shard: MetricShard
    package let values: LabelValues
    private let registry: MetricsRegistry
    private let worker: Int
    /// The targets that were used first: comparing a few names costs a third of hashing one.
    private var first: [(name: String, shard: MetricShard)] = []
    private var others: [String: MetricShard] = [:]

    private static let firstMax = 16

    init(registry: MetricsRegistry, worker: Int, shard: MetricShard) {
        self.registry = registry
        self.worker = worker
        self.shard = shard
        self.values = registry.values
    }

    /// The shard of a target. Whoever counts for it looks it up once for each request, pool or token renewal. A target
    /// that a reload adds gets a shard at its first use; one that comes back goes on with its old numbers.
    package func target(_ name: String) -> MetricShard {
        for target in self.first where target.name == name { return target.shard }
        if let shard = self.others[name] { return shard }
        let shard = self.registry.shard(worker: self.worker, target: name)
        if self.first.count < Self.firstMax {
            self.first.append((name, shard))
        } else {
            self.others[name] = shard
        }
        return shard
    }
}
