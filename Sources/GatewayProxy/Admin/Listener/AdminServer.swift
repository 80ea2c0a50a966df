import GatewayTLS
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

/// The admin listener: HTTP/1.1, which browsers, Kubernetes and Prometheus speak.
///
/// It has its own event loop, so that a scrape, which takes milliseconds, never holds up a caller's request.
final class AdminServer: Sendable {
    struct BindError: Error {
        let reason: String
    }

    let port: Int
    private let channel: any Channel
    private let group: MultiThreadedEventLoopGroup

    private init(channel: any Channel, group: MultiThreadedEventLoopGroup) {
        self.channel = channel
        self.group = group
        self.port = channel.localAddress?.port ?? 0
    }

    static func start(
        host: String, port: Int, state: AdminState, access: AdminAccess, tls: TLSContext?, logger: Logger
    ) async throws -> AdminServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let (pages, connections) = try await loop.submit {
            let history = StatusHistory(state: state)
            let bound = NIOLoopBound(history, eventLoop: loop)
            loop.scheduleRepeatedTask(initialDelay: .zero, delay: StatusHistory.interval) { _ in
                bound.value.sample(
                    now: NIODeadline.now().uptimeNanoseconds,
                    epochMilliseconds: WallClock.epochNanoseconds() / 1_000_000)
            }
            return (
                NIOLoopBound(
                    AdminPages(state: state, history: history, access: access, eventLoop: loop), eventLoop: loop),
                NIOLoopBound(AdminConnections(logger: logger), eventLoop: loop)
            )
        }.get()
        let limits = AdminLimits()
        let bootstrap = ServerBootstrap(group: loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // Accepted sockets inherit the sizes of these buffers.
            .serverChannelOption(.socketOption(.so_rcvbuf), value: limits.receiveBufferBytes)
            .serverChannelOption(.socketOption(.so_sndbuf), value: limits.sendBufferBytes)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        AcceptPause(whose: "operators", logger: logger))
                }
            }
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: limits.readBytes))
            .childChannelOption(.maxMessagesPerRead, value: 1)
            // A peer that closes its side after its request still wants the answer.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Self.configure(channel, pages: pages.value, connections: connections.value, tls: tls)
                }
            }
        do {
            return AdminServer(
                channel: try await bootstrap.bind(host: host, port: port).get(), group: group)
        } catch {
            try? await group.shutdownGracefully()
            throw BindError(reason: ConnectFailure.describe(error))
        }
    }

    private static func configure(
        _ channel: any Channel, pages: AdminPages, connections: AdminConnections, tls: TLSContext?
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        if let tls {
            try pipeline.addHandler(
                TLSHandler(connection: TLSConnection(context: tls), scratch: TLSScratchBuffer()))
        }
        try pipeline.addHandler(BytesArrived())
        // Without NIO's pipelining handler, which passes on the next request before the kernel has taken
        // the last answer.
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false,
            withOutboundHeaderValidation: true, withEncoderConfiguration: .init(),
            withDecoderLimitConfiguration: AdminLimits.head)
        try pipeline.addHandler(
            AdminConnection(connections: connections) { request, whenReady in
                pages.answer(request, whenReady: whenReady)
            })
    }

    /// Closes the listener and its connections.
    func stop() async {
        try? await self.channel.close()
        try? await self.group.shutdownGracefully()
    }
}
