import GatewayMetrics

/// One owner's part of a gauge that several share: it says what it has, the gauge moves by the difference.
struct GaugeShare {
    private let shard: MetricShard
    private let metric: Metric
    private var reported = 0

    init(_ metric: Metric, of shard: MetricShard) {
        self.shard = shard
        self.metric = metric
    }

    mutating func set(_ value: Int) {
        guard value != self.reported else { return }
        self.shard.add(value - self.reported, to: self.metric)
        self.reported = value
    }
}
