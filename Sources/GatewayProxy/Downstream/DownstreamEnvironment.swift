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
    let suspects: SuspectAddresses
    /// The numbers that belong to no target.
    let metrics: MetricShard
    /// Makes what takes a caller's request: by the connection's answer sink and the stream.
    let makeRequest: (any AnswerSink, Int32) -> CallerRequest
    var limits: GatewayLimits
    /// Nil where nobody is believed what it says of others.
    var trusted: TrustedProxies?

    init(
        eventLoop: any EventLoop, deadlines: Deadlines, flushQueue: FlushQueue, storage: MessageStorage,
        tlsScratch: TLSScratchBuffer, descriptors: CallerDescriptors, suspects: SuspectAddresses,
        logger: Logger, metrics: MetricShard,
        limits: GatewayLimits, makeRequest: @escaping (any AnswerSink, Int32) -> CallerRequest
    ) {
        self.eventLoop = eventLoop
        self.clock = deadlines.clock
        self.deadlines = deadlines
        self.flushQueue = flushQueue
        self.storage = storage
        self.tlsScratch = tlsScratch
        self.descriptors = descriptors
        self.suspects = suspects
        self.logger = logger
        self.metrics = metrics
        self.makeRequest = makeRequest
        self.limits = limits
    }

    /// What a connection holds before it is asked anything, beside libnghttp2's part: OpenSSL's, the channel's and
    /// ours.
    private static let connectionBytes = 20 * 1024

    var memory: LoopMemory { self.storage.memory }
    var hasRoomForConnection: Bool {
        self.callers.count < self.limits.connectionsMax && self.memory.budget.stage < .shedding
    }

    func connectionOpened(_ connection: any CallerConnection) {
        self.metrics.add(to: .workerConnectionsOpen)
        self.descriptors.opened()
        self.memory.add(Self.connectionBytes)
        self.callers.opened(connection)
    }

    func connectionClosed(_ connection: any CallerConnection) {
        self.metrics.add(-1, to: .workerConnectionsOpen)
        self.descriptors.closed()
        self.memory.add(-Self.connectionBytes)
        self.callers.closed(connection)
    }

    /// Gives up the largest unread answers and unfinished bodies, until there is room.
    func shed() {
        let budget = self.memory.budget
        defer { budget.hasShed() }
        var bytes = budget.bytesToShed
        guard bytes > 0 else { return }
        var holdings: [(bytes: Int, request: CallerRequest)] = []
        self.callers.forEachRequest { request in
            let held = request.sheddableBytes
            if held > 0 { holdings.append((held, request)) }
        }
        holdings.sort { $0.bytes > $1.bytes }
        for holding in holdings {
            guard bytes > 0 else { return }
            bytes -= holding.bytes
            budget.given(up: holding.request.isReceiving ? .body : .answer)
            holding.request.shed()
        }
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
