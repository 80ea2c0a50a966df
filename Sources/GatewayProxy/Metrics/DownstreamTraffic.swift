import GatewayMetrics

/// What one caller's connection counts.
struct DownstreamTraffic {
    private let metrics: MetricShard
    private let startedAt: UInt64
    var streams: GaugeShare

    init(metrics: MetricShard, startedAt: UInt64) {
        self.metrics = metrics
        self.startedAt = startedAt
        self.streams = GaugeShare(.downstreamStreamsOpen, of: metrics)
    }

    func handshakeCompleted(now: UInt64) {
        self.metrics.observe(now &- self.startedAt, in: .downstreamTLSHandshakeDuration)
    }

    func received(_ bytes: Int) {
        self.metrics.add(bytes, to: .downstreamReceivedBytes)
    }

    func sent(_ bytes: Int) {
        self.metrics.add(bytes, to: .downstreamSentBytes)
    }
}
