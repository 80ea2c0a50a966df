import NIOCore
import NIOHTTP1
import NIOPosix

/// The operators' listener: HTTP/1.1, what browsers, Kubernetes and Prometheus speak.
final class AdminServer: Sendable {
    struct BindError: Error {
        let reason: String
    }

    let port: Int
    private let channel: any Channel

    private init(channel: any Channel) {
        self.channel = channel
        self.port = channel.localAddress?.port ?? 0
    }

    static func start(
        group: any EventLoopGroup, host: String, port: Int, state: AdminState
    ) async throws -> AdminServer {
        let loop = group.next()
        let history = try await loop.submit {
            let history = StatusHistory(state: state)
            let bound = NIOLoopBound(history, eventLoop: loop)
            loop.scheduleRepeatedTask(initialDelay: .zero, delay: StatusHistory.interval) { _ in
                bound.value.sample(now: NIODeadline.now().uptimeNanoseconds)
            }
            return bound
        }.get()
        let bootstrap = ServerBootstrap(group: loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(IdleStateHandler(allTimeout: .seconds(60)))
                    try pipeline.addHandler(AdminHandler(state: state, history: history.value))
                }
            }
        do {
            return AdminServer(channel: try await bootstrap.bind(host: host, port: port).get())
        } catch {
            throw BindError(reason: ConnectFailure.describe(error))
        }
    }

    func stop() async {
        try? await self.channel.close()
    }
}
