import NIOCore
import NIOHTTP1
import NIOPosix

/// The operators' listener: HTTP/1.1, what Kubernetes and Prometheus speak.
///
/// `/livez` says that the process serves, `/readyz` whether it wants callers, `/status` the same as JSON. Liveness never
/// depends on a vendor.
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
        group: any EventLoopGroup, host: String, port: Int, readiness: Readiness
    ) async throws -> AdminServer {
        let bootstrap = ServerBootstrap(group: group.next())
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(IdleStateHandler(allTimeout: .seconds(60)))
                    try pipeline.addHandler(AdminHandler(readiness: readiness))
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

/// Answers one operator's connection. Confined to its channel's event loop.
private final class AdminHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let readiness: Readiness
    private var head: HTTPRequestHead?

    init(readiness: Readiness) {
        self.readiness = readiness
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head = self.head else { return }
            self.head = nil
            self.answer(head, context: context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        guard head.method == .GET || head.method == .HEAD else {
            self.write(.methodNotAllowed, "only GET and HEAD\n", to: head, context: context)
            return
        }
        let path = head.uri.split(separator: "?", maxSplits: 1).first.map(String.init) ?? head.uri
        switch path {
        case "/livez":
            self.write(.ok, "ok\n", to: head, context: context)
        case "/readyz":
            let status: HTTPResponseStatus = self.readiness.isReady ? .ok : .serviceUnavailable
            self.write(status, self.readiness.reason + "\n", to: head, context: context)
        case "/status":
            let body =
                "{\"version\":\"\(GatewayVersion.string)\",\"ready\":\(self.readiness.isReady),"
                + "\"reason\":\"\(self.readiness.reason)\"}\n"
            self.write(.ok, body, type: "application/json", to: head, context: context)
        default:
            self.write(
                .notFound, "there are /livez, /readyz and /status\n", to: head, context: context)
        }
    }

    private func write(
        _ status: HTTPResponseStatus, _ text: String, type: String = "text/plain; charset=utf-8",
        to request: HTTPRequestHead, context: ChannelHandlerContext
    ) {
        var head = HTTPResponseHead(version: request.version, status: status)
        head.headers.add(name: "content-type", value: type)
        head.headers.add(name: "content-length", value: String(text.utf8.count))
        head.headers.add(name: "cache-control", value: "no-store")
        context.write(self.wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD {
            context.write(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        }
        let closes = !request.isKeepAlive
        context.writeAndFlush(self.wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
            if closes { context.close(promise: nil) }
        }
    }
}
