import GatewayMetrics
import NIOCore
import NIOPosix
import GatewayTLS

/// One worker's connections to one endpoint, and the attempts that wait for them.
///
/// Prefers a connection that is there; dials one more only when all are full; beyond the endpoint's limits attempts
/// wait in a queue that is bounded in length (and each by its own deadline). Confined to its worker's event loop.
final class UpstreamPool {
    let endpoint: UpstreamEndpoint
    private unowned let worker: Worker
    private var connections: [UpstreamConnection] = []
    private var waiting: CircularBuffer<Attempt> = [] { didSet { self.queueDepth.set(self.waiting.count) } }
    /// The target's numbers.
    let metrics: MetricShard
    private var queueDepth: GaugeShare
    private var isDraining = false

    init(endpoint: UpstreamEndpoint, worker: Worker) {
        self.endpoint = endpoint
        self.worker = worker
        self.metrics = worker.ledger.target(worker.targets.targetName(reachedAt: endpoint))
        self.queueDepth = GaugeShare(.upstreamQueueDepth, of: self.metrics)
    }

    /// Takes an attempt; it is told sooner or later what came of it.
    func submit(_ attempt: Attempt) {
        for connection in self.connections where connection.freeStreams > 0 {
            if connection.send(attempt) { return }
        }
        guard self.waiting.count < self.endpoint.queueMax else {
            attempt.failed(.queueFull)
            return
        }
        self.waiting.append(attempt)
        attempt.waits(in: self)
        self.dialIfNeeded()
        // While a connection is being made its own time-outs count; the queue's is for connections that stay busy.
        if !self.connections.contains(where: { $0.stage == .connecting }) {
            attempt.queued(limit: self.endpoint.queueTimeoutNanoseconds)
        }
    }

    /// An attempt is over before it was sent.
    func forget(_ attempt: Attempt) {
        self.waiting.removeAll { $0 === attempt }
    }

    /// Closes what is idle and, as it comes free, the rest.
    func drain() {
        self.isDraining = true
        for connection in self.connections { connection.drain() }
    }

    // MARK: Told by the connections

    func connectionReady(_ connection: UpstreamConnection) {
        self.serveWaiting(on: connection)
    }

    func streamFreed(on connection: UpstreamConnection) {
        self.serveWaiting(on: connection)
    }

    func connectionDraining(_: UpstreamConnection) {
        self.dialIfNeeded()
    }

    func connectionClosed(_ connection: UpstreamConnection) {
        self.connections.removeAll { $0 === connection }
        if let failure = connection.failure, self.connections.isEmpty {
            // Nobody else can serve those who wait; dialling again is up to their retries.
            let waiting = self.waiting
            self.waiting.removeAll()
            for attempt in waiting { attempt.failed(failure) }
        } else {
            self.dialIfNeeded()
        }
    }

    // MARK: Dialling

    private func serveWaiting(on connection: UpstreamConnection) {
        while connection.freeStreams > 0, let attempt = self.waiting.popFirst() {
            if !connection.send(attempt) {
                self.waiting.prepend(attempt)
                return
            }
        }
    }

    private func dialIfNeeded() {
        guard !self.waiting.isEmpty else { return }
        let usable = self.connections.filter {
            $0.stage == .connecting || ($0.stage == .ready && !$0.isSuspect)
        }
        // One at a time: the attempts that come while it is dialled share it.
        guard !usable.contains(where: { $0.stage == .connecting }),
            usable.count < self.endpoint.connectionsMax
        else { return }
        self.dial()
    }

    private func dial() {
        let connection = UpstreamConnection(worker: self.worker, endpoint: self.endpoint, pool: self)
        self.connections.append(connection)
        let endpoint = self.endpoint
        let scratch = self.worker.tlsScratch
        let loop = self.worker.eventLoop
        // Made here, on the loop, and used there again: nothing crosses a thread.
        let bound = NIOLoopBound((connection: connection, scratch: scratch), eventLoop: loop)
        ClientBootstrap(group: loop)
            .connectTimeout(.nanoseconds(Int64(clamping: endpoint.connectTimeoutNanoseconds)))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // Several addresses are tried at once (RFC 8305); only the channel that wins gets the handlers.
            .channelOption(.autoRead, value: false)
            .connect(host: endpoint.host, port: endpoint.port)
            .whenComplete { result in
                let (connection, scratch) = bound.value
                switch result {
                case .success(let channel):
                    Self.use(channel, for: connection, endpoint: endpoint, scratch: scratch)
                case .failure(let error):
                    connection.connectFailed(.notConnected(reason: ConnectFailure.describe(error)))
                }
            }
    }

    private static func use(
        _ channel: any Channel, for connection: UpstreamConnection, endpoint: UpstreamEndpoint,
        scratch: TLSScratchBuffer
    ) {
        guard connection.stage == .connecting else {
            // It was given up while it was being dialled.
            channel.close(promise: nil)
            return
        }
        do {
            let pipeline = channel.pipeline.syncOperations
            if let context = endpoint.tls {
                let tls = try TLSConnection(context: context, serverName: endpoint.serverName)
                try pipeline.addHandler(TLSHandler(connection: tls, scratch: scratch))
            }
            try pipeline.addHandler(connection)
            try channel.syncOptions?.setOption(.autoRead, value: true)
        } catch {
            connection.connectFailed(.notConnected(reason: "\(error)"))
            channel.close(promise: nil)
        }
    }
}

/// Says in a few words why no connection could be made.
enum ConnectFailure {
    static func describe(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let failure = error.connectionErrors.first { return self.describe(failure.error) }
            if error.dnsAError != nil || error.dnsAAAAError != nil {
                return "the name \(error.host) could not be looked up"
            }
            return "no address of \(error.host) could be reached"
        case ChannelError.connectTimeout:
            return "the connection took too long"
        case let error as IOError:
            return error.description
        default:
            return "\(error)"
        }
    }
}
