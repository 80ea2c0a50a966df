import GatewayIdentity
import GatewayMetrics
import NIOCore

/// What finding out who asks needs of its event loop.
final class IdentificationEnvironment {
    let eventLoop: any EventLoop
    let clock: LoopClock
    let deadlines: Deadlines
    let digester = Digester()
    /// The numbers that belong to no target.
    let metrics: MetricShard
    /// Fetches an issuer's keys.
    let fetch: (KeySetSource) -> Void

    init(
        eventLoop: any EventLoop, deadlines: Deadlines, metrics: MetricShard, fetch: @escaping (KeySetSource) -> Void
    ) {
        self.eventLoop = eventLoop
        self.clock = deadlines.clock
        self.deadlines = deadlines
        self.metrics = metrics
        self.fetch = fetch
    }
}
