import GatewayMetrics

/// What one event loop keeps for one target: found by the target's index, so that a request looks nothing up by name.
///
/// Confined to its event loop.
final class TargetState {
    let target: Target
    /// The target's numbers.
    let metrics: MetricShard
    /// Where its attempts are let in.
    let gate: TargetGate
    private unowned let upstream: UpstreamEnvironment
    private var knownPool: UpstreamPool?

    init(target: Target, metrics: MetricShard, upstream: UpstreamEnvironment) {
        self.target = target
        self.metrics = metrics
        self.upstream = upstream
        self.gate = TargetGate(
            health: target.health, eventLoop: upstream.eventLoop, clock: upstream.clock, random: upstream.random,
            metrics: metrics)
    }

    /// The connections to the target's endpoint.
    var pool: UpstreamPool {
        if let pool = self.knownPool { return pool }
        let pool = self.upstream.pool(for: self.target.endpoint)
        self.knownPool = pool
        return pool
    }

    /// The pools have been given up.
    func forgetPool() {
        self.knownPool = nil
    }
}
