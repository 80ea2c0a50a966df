import GatewayMetrics
import GatewayTLS
import Logging
import NIOCore

/// What the connections of callers of one event loop share: time, storage, limits, counts, and the connections
/// themselves.
///
/// Knows no products. Confined to its event loop.
final class DownstreamEnvironment {
    let eventLoop: any EventLoop
    let clock: LoopClock
    let deadlines: Deadlines
    let flushQueue: FlushQueue
    let storage: MessageStorage
    let tlsScratch: TLSScratchBuffer
    let logger: Logger
    let callers = Callers()
    let descriptors: CallerDescriptors
    /// The numbers that belong to no target.
    let metrics: MetricShard
    /// Makes what takes a caller's request: by the connection's answer sink and the stream.
    let makeRequest: (any AnswerSink, Int32) -> CallerRequest
    var limits: GatewayLimits

    init(
        eventLoop: any EventLoop, deadlines: Deadlines, flushQueue: FlushQueue, storage: MessageStorage,
        tlsScratch: TLSScratchBuffer, descriptors: CallerDescriptors, logger: Logger, metrics: MetricShard,
        limits: GatewayLimits, makeRequest: @escaping (any AnswerSink, Int32) -> CallerRequest
    ) {
        self.eventLoop = eventLoop
        self.clock = deadlines.clock
        self.deadlines = deadlines
        self.flushQueue = flushQueue
        self.storage = storage
        self.tlsScratch = tlsScratch
        self.descriptors = descriptors
        self.logger = logger
        self.metrics = metrics
        self.makeRequest = makeRequest
        self.limits = limits
    }

    var hasRoomForConnection: Bool { self.callers.count < self.limits.connectionsMax }

    func connectionOpened(_ connection: any CallerConnection) {
        self.metrics.add(to: .workerConnectionsOpen)
        self.descriptors.opened()
        self.callers.opened(connection)
    }

    func connectionClosed(_ connection: any CallerConnection) {
        self.metrics.add(-1, to: .workerConnectionsOpen)
        self.descriptors.closed()
        self.callers.closed(connection)
    }

    /// What a connection speaks has been found out, or it has ended before.
    func connectionSpeaks(_ spoken: CountedProtocol) {
        self.metrics.add(to: .downstreamConnections, spoken.rawValue)
    }

    /// A connection ends because of something that its caller has done, or the network.
    func connectionFailed(_ error: any Error, caller: String?) {
        self.logger.debug(
            "downstream connection failed",
            metadata: ["caller": "\(caller ?? "unknown")", "error": "\(ConnectFailure.describe(error))"])
    }

    /// A caller is one too many.
    func connectionRefused() {
        self.metrics.add(to: .downstreamConnectionsRefused)
    }
}
