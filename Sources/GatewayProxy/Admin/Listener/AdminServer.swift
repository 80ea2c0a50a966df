import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

/// The operators' listener: HTTP/1.1, what browsers, Kubernetes and Prometheus speak.
///
/// On an event loop of its own, so that a scrape, which takes milliseconds, never holds up a request.
final class AdminServer: Sendable {
    struct BindError: Error {
        let reason: String
    }

    /// Prometheus, Kubernetes and some people with a browser each; more is a mistake or an attack.
    private static let connectionsMax = 64

    let port: Int
    private let channel: any Channel
    private let group: MultiThreadedEventLoopGroup

    private init(channel: any Channel, group: MultiThreadedEventLoopGroup) {
        self.channel = channel
        self.group = group
        self.port = channel.localAddress?.port ?? 0
    }

    static func start(
        host: String, port: Int, state: AdminState, logger: Logger
    ) async throws -> AdminServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let history = try await loop.submit {
            let history = StatusHistory(state: state)
            let bound = NIOLoopBound(history, eventLoop: loop)
            loop.scheduleRepeatedTask(initialDelay: .zero, delay: StatusHistory.interval) { _ in
                bound.value.sample(now: NIODeadline.now().uptimeNanoseconds)
            }
            return bound
        }.get()
        let open = NIOLoopBoundBox.makeBoxSendingValue(0, eventLoop: loop)
        let bootstrap = ServerBootstrap(group: loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        AcceptPause(whose: "operators", logger: logger))
                }
            }
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard open.value < Self.connectionsMax else { throw ChannelError.ioOnClosedChannel }
                    open.value += 1
                    channel.closeFuture.whenComplete { _ in open.value -= 1 }
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(IdleStateHandler(allTimeout: .seconds(60)))
                    try pipeline.addHandler(AdminHandler(state: state, history: history.value))
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

    /// Closes the listener and its connections.
    func stop() async {
        try? await self.channel.close()
        try? await self.group.shutdownGracefully()
    }
}
