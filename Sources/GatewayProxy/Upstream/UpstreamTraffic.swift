import GatewayHTTP2
import GatewayMetrics

/// What one connection to a vendor counts.
struct UpstreamTraffic {
    private let metrics: MetricShard
    private var stageStartedAt: UInt64
    private var isOpen = false
    var streams: GaugeShare

    init(metrics: MetricShard, startedAt: UInt64) {
        self.metrics = metrics
        self.stageStartedAt = startedAt
        self.streams = GaugeShare(.upstreamStreamsOpen, of: metrics)
    }

    mutating func connected(now: UInt64) {
        self.metrics.observe(now &- self.stageStartedAt, in: .upstreamConnectDuration)
        self.stageStartedAt = now
    }

    func handshakeCompleted(now: UInt64, isResumed: Bool) {
        self.metrics.observe(now &- self.stageStartedAt, in: .upstreamTLSHandshakeDuration)
        if isResumed { self.metrics.add(to: .upstreamTLSResumptions) }
    }

    mutating func opened() {
        self.isOpen = true
        self.metrics.add(to: .upstreamConnects, ConnectOutcome.ok.rawValue)
        self.metrics.add(to: .upstreamConnectionsOpen)
    }

    mutating func closed() {
        self.streams.set(0)
        guard self.isOpen else { return }
        self.isOpen = false
        self.metrics.add(-1, to: .upstreamConnectionsOpen)
    }

    /// It never opened.
    func failed(_ failure: AttemptFailure) {
        let outcome: ConnectOutcome = if case .notTrusted = failure { .notTrusted } else { .failed }
        self.metrics.add(to: .upstreamConnects, outcome.rawValue)
    }

    /// The session has failed; counted where the vendor had too much of something.
    func sessionFailed(_ error: HTTP2Error) {
        guard let abuse = error.abuse else { return }
        self.metrics.add(to: .upstreamSessionsEnded, abuse.rawValue)
    }

    func received(_ bytes: Int) {
        self.metrics.add(bytes, to: .upstreamReceivedBytes)
    }

    func sent(_ bytes: Int) {
        self.metrics.add(bytes, to: .upstreamSentBytes)
    }
}
