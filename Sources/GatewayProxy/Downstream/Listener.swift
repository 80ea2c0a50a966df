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

    /// Binds with `SO_REUSEPORT`, so that each worker has a socket of its own and the kernel spreads the callers.
    static func bind(
        environment: DownstreamEnvironment, host: String, port: Int, certificate: ListenerCertificate?
    ) -> EventLoopFuture<any Channel> {
        let bound = NIOLoopBound(environment, eventLoop: environment.eventLoop)
        return ServerBootstrap(group: environment.eventLoop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(Self.reusePort, value: 1)
            .serverChannelOption(.backlog, value: Int32(Self.backlog))
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let environment = bound.value
                    try channel.pipeline.syncOperations.addHandler(
                        AcceptPause(whose: "callers", logger: environment.logger) {
                            environment.metrics.add(to: .acceptPauses)
                        })
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 16384, maximum: 65536)
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
        if let tls {
            try pipeline.addHandler(PlaintextRefusal(bytesMax: environment.limits.fieldSectionBytesMax))
            try pipeline.addHandler(
                TLSHandler(
                    connection: TLSConnection(context: tls), scratch: environment.tlsScratch))
        }
        try pipeline.addHandler(ProtocolChooser(environment: environment, isTLS: tls != nil))
    }
}
