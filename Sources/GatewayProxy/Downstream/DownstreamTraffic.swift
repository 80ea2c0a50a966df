import GatewayHTTP2
import GatewayMetrics
import GatewayTLS

/// What one caller's connection counts.
struct DownstreamTraffic {
    private let metrics: MetricShard
    private let startedAt: UInt64
    /// Whether it is known what became of the TLS handshake.
    private var isHandshakeOver: Bool
    var streams: GaugeShare

    init(metrics: MetricShard, startedAt: UInt64, isTLS: Bool) {
        self.metrics = metrics
        self.startedAt = startedAt
        self.isHandshakeOver = !isTLS
        self.streams = GaugeShare(.downstreamStreamsOpen, of: metrics)
    }

    mutating func handshakeCompleted(now: UInt64, isResumed: Bool) {
        self.isHandshakeOver = true
        self.metrics.observe(now &- self.startedAt, in: .downstreamTLSHandshakeDuration)
        if isResumed { self.metrics.add(to: .downstreamTLSResumptions) }
    }

    /// The time for the handshake, and for the first words after it, is over.
    mutating func timedOut() {
        self.handshakeFailed(.timedOut)
    }

    /// The connection has failed; counted if that was before the end of the handshake.
    mutating func failed(_ error: any Error) {
        self.handshakeFailed((error as? TLSError)?.counted ?? .closed)
    }

    /// Without the handshake that should have come first.
    mutating func spokePlaintext() {
        self.handshakeFailed(.notTLS)
    }

    private mutating func handshakeFailed(_ failure: HandshakeFailure) {
        guard !self.isHandshakeOver else { return }
        self.isHandshakeOver = true
        self.metrics.add(to: .downstreamTLSHandshakesFailed, failure.rawValue)
    }

    /// The session has failed; counted where the caller had too much of something.
    func sessionFailed(_ error: HTTP2Error) {
        guard let abuse = error.abuse else { return }
        self.metrics.add(to: .downstreamSessionsEnded, abuse.rawValue)
    }

    func received(_ bytes: Int) {
        self.metrics.add(bytes, to: .downstreamReceivedBytes)
    }

    func sent(_ bytes: Int) {
        self.metrics.add(bytes, to: .downstreamSentBytes)
    }
}
