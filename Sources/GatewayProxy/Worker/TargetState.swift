import GatewayMetrics

/// What one worker keeps for one target: found by the target's index, so that a request looks nothing up by name.
///
/// Confined to its worker's event loop.
final class TargetState {
    let target: Target
    /// The target's numbers.
    let metrics: MetricShard
    private unowned let worker: Worker
    private var knownPool: UpstreamPool?

    init(target: Target, worker: Worker) {
        self.target = target
        self.worker = worker
        self.metrics = worker.ledger.target(target.name)
    }

    /// The connections to the target's endpoint.
    var pool: UpstreamPool {
        if let pool = self.knownPool { return pool }
        let pool = self.worker.pool(for: self.target.endpoint)
        self.knownPool = pool
        return pool
    }

    /// The worker has given its pools up.
    func forgetPool() {
        self.knownPool = nil
    }
}
