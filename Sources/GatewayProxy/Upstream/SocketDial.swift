import GatewayTLS
import NIOCore
import NIOPosix

/// Dials a vendor over a socket: its name, TCP, TLS, and then a connection in the HTTP version that came of it.
///
/// Its deadline covers all of that together. Confined to its worker's event loop.
final class SocketDial: UpstreamDial, ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private enum Stage { case idle, lookingUp, connecting, handshaking, over }

    private var stage: Stage = .idle
    private let environment: UpstreamEnvironment
    private let endpoint: UpstreamEndpoint
    private var channel: (any Channel)?
    private var traffic: UpstreamTraffic

    override init(pool: UpstreamPool) {
        self.environment = pool.environment
        self.endpoint = pool.endpoint
        self.traffic = UpstreamTraffic(metrics: pool.metrics, startedAt: pool.environment.clock.now())
        super.init(pool: pool)
    }

    override func start() {
        self.stage = .lookingUp
        self.environment.deadlines.schedule(self, in: self.endpoint.connectTimeoutNanoseconds)
        self.pool.addresses.find { outcome in
            switch outcome {
            case .success(let addresses): self.connect(to: addresses)
            case .failure(let failure): self.fail(failure)
            }
        }
    }

    // MARK: TCP

    private func connect(to addresses: [SocketAddress]) {
        guard self.stage == .lookingUp else { return }
        self.stage = .connecting
        // Made here, on the loop, and used there again: nothing crosses a thread.
        let bound = NIOLoopBound((dial: self, addresses: addresses), eventLoop: self.environment.eventLoop)
        ClientBootstrap(group: self.environment.eventLoop)
            .resolver(KnownAddresses(addresses: addresses, eventLoop: self.environment.eventLoop))
            .connectTimeout(.nanoseconds(Int64(clamping: self.endpoint.connectTimeoutNanoseconds)))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // Several addresses are tried at once (RFC 8305); only the channel that wins gets the handlers.
            .channelOption(.autoRead, value: false)
            .connect(host: self.endpoint.host, port: self.endpoint.port)
            .whenComplete { result in
                let (dial, addresses) = bound.value
                switch result {
                case .success(let channel):
                    dial.pool.addresses.connected(to: channel.remoteAddress?.ipAddress, of: addresses)
                    dial.connected(channel)
                case .failure(let error):
                    dial.fail(.notConnected(reason: ConnectFailure.describe(error)))
                }
            }
    }

    override func cancel() {
        guard self.stage != .over else { return }
        self.end()
        self.channel?.close(promise: nil)
    }

    override func deadlineReached() {
        let what =
            switch self.stage {
            case .lookingUp: "looking up the name \(self.endpoint.host)"
            case .handshaking: "the TLS handshake"
            case .idle, .connecting, .over: "the connection"
            }
        self.fail(.notConnected(reason: "\(what) took too long"))
    }

    private func connected(_ channel: any Channel) {
        guard self.stage == .connecting else {
            // It was given up while it was being dialled.
            channel.close(promise: nil)
            return
        }
        self.channel = channel
        self.traffic.connected(now: self.environment.clock.now())
        do {
            if let context = self.endpoint.tls {
                self.stage = .handshaking
                let tls = try TLSConnection(
                    context: context, serverName: self.endpoint.serverName, sessions: self.endpoint.tlsSessions)
                let pipeline = channel.pipeline.syncOperations
                try pipeline.addHandlers([TLSHandler(connection: tls, scratch: self.environment.tlsScratch), self])
            } else {
                try self.open(self.endpoint.onlyVersion ?? .http2, on: channel)
            }
            try channel.syncOptions?.setOption(.autoRead, value: true)
        } catch {
            self.fail(.notConnected(reason: "\(error)"))
        }
    }

    // MARK: TLS

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSHandlerEvent,
            case .handshakeCompleted(let applicationProtocol, let isResumed) = event
        {
            self.traffic.handshakeCompleted(now: self.environment.clock.now(), isResumed: isResumed)
            self.handshakeCompleted(applicationProtocol, context: context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func handshakeCompleted(_ applicationProtocol: String?, context: ChannelHandlerContext) {
        guard self.stage == .handshaking else { return }
        guard let version = self.endpoint.version(agreed: applicationProtocol) else {
            let allowed = self.endpoint.versions.map(\.applicationProtocol).joined(separator: " or ")
            self.fail(
                .notConnected(
                    reason: "the vendor's server does not speak \(allowed) (ALPN chose "
                        + "\(applicationProtocol ?? "nothing"))"))
            return
        }
        do {
            try self.open(version, on: context.channel)
        } catch {
            self.fail(.notConnected(reason: "\(error)"))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard self.stage == .handshaking else {
            context.fireErrorCaught(error)
            return
        }
        if case TLSError.peerNotTrusted(let reason) = error {
            self.fail(.notTrusted(reason: reason))
        } else {
            self.fail(.notConnected(reason: ConnectFailure.describe(error)))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if self.stage == .handshaking {
            self.fail(.notConnected(reason: "the connection was closed"))
        }
        context.fireChannelInactive()
    }

    // MARK: The end

    /// The connection takes the dial's place in the pipeline.
    private func open(_ version: UpstreamVersion, on channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        let address = channel.remoteAddress?.ipAddress
        let connection =
            switch version {
            case .http2: UpstreamHTTP2Connection(pool: self.pool, traffic: self.traffic, address: address)
            case .http1: UpstreamHTTP1Connection(pool: self.pool, traffic: self.traffic, address: address)
            }
        try connection.install(in: pipeline)
        if self.stage == .handshaking { pipeline.removeHandler(self, promise: nil) }
        self.end()
        connection.traffic.opened()
        self.pool.dialled(self, connection)
    }

    private func fail(_ failure: AttemptFailure) {
        guard self.stage != .over else { return }
        self.end()
        self.traffic.failed(failure)
        self.channel?.close(promise: nil)
        self.pool.dialFailed(self, failure)
    }

    private func end() {
        self.stage = .over
        self.environment.deadlines.cancel(self)
    }
}

extension SocketDial: RemovableChannelHandler {}
