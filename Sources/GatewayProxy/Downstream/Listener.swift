import GatewayTLS
import Glibc
import NIOCore
import NIOPosix

/// One worker's listening socket: accepts callers and gives each a pipeline.
enum Listener {
    /// Connections that wait to be accepted: what a burst of new callers needs while the worker is busy.
    private static let backlog = 1024
    /// A handshake that has begun ends a round trip later: callers on the same continent.
    private static let lastHandshakes = TimeAmount.milliseconds(250)
    /// Ten milliseconds each: two seconds are far more than the backlog takes.
    private static let acceptTriesMax = 200
    private static let reusePort = ChannelOptions.Types.SocketOption(
        level: .socket, name: NIOBSDSocket.Option(rawValue: SO_REUSEPORT))

    /// Binds the first worker's socket, and finds out whether another process listens on the same port.
    ///
    /// Without `SO_REUSEPORT` the system lets a socket listen only where no other does, whoever has it, and decides
    /// between two that try at once. Only when this one listens may the other workers join it.
    ///
    /// - Parameter sharesPort: joins another process that listens with `SO_REUSEPORT`; otherwise fails.
    /// - Returns: the socket, and whether another process listens beside it.
    static func bindFirst(
        environment: DownstreamEnvironment, host: String, port: Int, certificate: ListenerCertificate?,
        sharesPort: Bool
    ) -> EventLoopFuture<(any Channel, isShared: Bool)> {
        let bound = NIOLoopBound(environment, eventLoop: environment.eventLoop)
        return self.bind(
            environment: environment, host: host, port: port, certificate: certificate, joins: false
        )
        .flatMap { channel in
            channel.setOption(Self.reusePort, value: 1).map { (channel, isShared: false) }
        }
        .flatMapError { error in
            guard sharesPort, (error as? IOError)?.errnoCode == EADDRINUSE else {
                return bound.value.eventLoop.makeFailedFuture(error)
            }
            return self.bind(environment: bound.value, host: host, port: port, certificate: certificate, joins: true)
                .map { (channel: any Channel) in (channel, isShared: true) }
        }
    }

    /// Binds a worker's socket. Each has one of its own, and the kernel spreads the callers over them.
    ///
    /// - Parameter joins: listens also where others do (`SO_REUSEPORT`), if they allow it.
    static func bind(
        environment: DownstreamEnvironment, host: String, port: Int, certificate: ListenerCertificate?, joins: Bool
    ) -> EventLoopFuture<any Channel> {
        let bound = NIOLoopBound(environment, eventLoop: environment.eventLoop)
        return ServerBootstrap(group: environment.eventLoop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(Self.reusePort, value: joins ? 1 : 0)
            .serverChannelOption(.backlog, value: Int32(Self.backlog))
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let environment = bound.value
                    try channel.pipeline.syncOperations.addHandler(
                        AcceptPause(
                            whose: "callers", logger: environment.logger,
                            hasRoom: { environment.descriptors.hasRoom },
                            onPause: { environment.metrics.add(to: .acceptPauses) }))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 4)
            // Each connection keeps the buffer that it was last read into, so it begins with a small one: idle ones
            // have read a handshake, and busy ones have a larger after some reads.
            .childChannelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 2048, maximum: 65536)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Self.configure(channel, environment: bound.value, tls: certificate?.current)
                }
            }
            .bind(host: host, port: port)
    }

    /// Stops taking callers and loses none of those who are on their way: see `HandshakeFilter`.
    ///
    /// On the listener's event loop. Ends when the socket is closed, whatever the system thinks of it.
    static func close(_ listener: any Channel) -> EventLoopFuture<Void> {
        HandshakeFilter.attach(to: listener)
            .flatMapError { _ in listener.eventLoop.makeSucceededVoidFuture() }
            .flatMap { listener.eventLoop.scheduleTask(in: Self.lastHandshakes) {}.futureResult }
            .flatMap { Self.waitUntilAccepted(listener, triesLeft: Self.acceptTriesMax) }
            .flatMap { listener.close() }
            .flatMapError { _ in listener.eventLoop.makeSucceededVoidFuture() }
    }

    /// The backlog is emptied by the event loop, a few connections at a time; a busy one needs more than one turn.
    private static func waitUntilAccepted(_ listener: any Channel, triesLeft: Int) -> EventLoopFuture<Void> {
        let loop = listener.eventLoop
        guard triesLeft > 0, let socket = listener as? any SocketOptionProvider else {
            return loop.makeSucceededVoidFuture()
        }
        let information: EventLoopFuture<tcp_info> = socket.unsafeGetSocketOption(
            level: .tcp, name: NIOBSDSocket.Option(rawValue: TCP_INFO))
        return information.flatMap { information in
            // For a listening socket: the connections that wait to be accepted (tcp_diag's idiag_rqueue).
            guard information.tcpi_unacked > 0 else { return loop.makeSucceededVoidFuture() }
            return loop.scheduleTask(in: .milliseconds(10)) {}.futureResult.flatMap {
                Self.waitUntilAccepted(listener, triesLeft: triesLeft - 1)
            }
        }
    }

    private static func configure(_ channel: any Channel, environment: DownstreamEnvironment, tls: TLSContext?) throws {
        guard environment.hasRoomForConnection else {
            environment.connectionRefused()
            throw ChannelError.ioOnClosedChannel
        }
        let pipeline = channel.pipeline.syncOperations
        if let trusted = environment.trusted, trusted.speakPROXY {
            try pipeline.addHandler(ProxyHeaderHandler(trusted: trusted))
        }
        if let tls {
            try pipeline.addHandler(PlaintextRefusal(bytesMax: environment.limits.fieldSectionBytesMax))
            try pipeline.addHandler(
                TLSHandler(
                    connection: TLSConnection(context: tls), scratch: environment.tlsScratch))
        }
        try pipeline.addHandler(ProtocolChooser(environment: environment, isTLS: tls != nil))
    }
}
