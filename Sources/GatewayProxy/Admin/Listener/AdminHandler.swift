import GatewayMetrics
import NIOCore
import NIOHTTP1

/// Answers one operator's connection. Confined to its channel's event loop.
///
/// `/livez` says that the process serves and never depends on a vendor; `/readyz` whether it wants callers; `/metrics`
/// is for Prometheus, `/status` for programs, `/` for people.
final class AdminHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let state: AdminState
    private let history: StatusHistory
    private var head: HTTPRequestHead?

    init(state: AdminState, history: StatusHistory) {
        self.state = state
        self.history = history
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

    // MARK: Routes

    private func answer(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        guard head.method == .GET || head.method == .HEAD else {
            self.write(
                AdminAnswer(.methodNotAllowed, text: "only GET and HEAD\n", fields: [("allow", "GET, HEAD")]),
                to: head, context: context)
            return
        }
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = parts.count > 1 ? parts[1].split(separator: "&").map(String.init) : []
        switch parts.first.map(String.init) ?? "" {
        case "/livez":
            self.write(AdminAnswer(.ok, text: "ok\n"), to: head, context: context)
        case "/readyz":
            let readiness = self.state.readiness
            let isVerbose = query.contains { $0 == "verbose" || $0.hasPrefix("verbose=") }
            let text = isVerbose ? readiness.verboseReason : readiness.reason
            self.write(
                AdminAnswer(readiness.isReady ? .ok : .serviceUnavailable, text: text + "\n"),
                to: head, context: context)
        case "/metrics":
            self.write(self.metrics(for: head), to: head, context: context)
        case "/status":
            self.answerStatus(head, context: context)
        case "/":
            self.write(.statusPage, to: head, context: context)
        default:
            self.write(
                AdminAnswer(.notFound, text: "there are /, /metrics, /livez, /readyz and /status\n"),
                to: head, context: context)
        }
    }

    private func metrics(for head: HTTPRequestHead) -> AdminAnswer {
        let format = ExpositionFormat.negotiate(accept: head.headers["accept"].joined(separator: ","))
        let body = self.state.snapshot().exposition(format, collected: self.state.collectedValues())
        return AdminAnswer(.ok, type: format.contentType, body: body, fields: [("vary", "accept")])
    }

    private func answerStatus(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        let context = context.loopBound
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        // The failures come from the workers' event loops, this one's among them.
        self.state.recentFailures(on: context.eventLoop).whenComplete { result in
            let handler = bound.value
            let failures = (try? result.get()) ?? []
            let body = StatusDocument(state: handler.state, history: handler.history, failures: failures).json()
            handler.write(
                AdminAnswer(.ok, type: "application/json", body: body), to: head, context: context.value)
        }
    }

    // MARK: Writing

    private func write(_ answer: AdminAnswer, to request: HTTPRequestHead, context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        var head = HTTPResponseHead(version: request.version, status: answer.status)
        head.headers.add(name: "content-type", value: answer.type)
        head.headers.add(name: "content-length", value: String(answer.body.count))
        head.headers.add(name: "cache-control", value: "no-store")
        head.headers.add(name: "x-content-type-options", value: "nosniff")
        for field in answer.fields { head.headers.add(name: field.name, value: field.value) }
        if !request.isKeepAlive { head.headers.add(name: "connection", value: "close") }
        context.write(self.wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD {
            context.write(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
        }
        let context = context.loopBound
        let isKeepAlive = request.isKeepAlive
        context.value.writeAndFlush(self.wrapOutboundOut(.end(nil))).whenComplete { _ in
            if !isKeepAlive { context.value.close(promise: nil) }
        }
    }
}

/// What the admin listener answers.
struct AdminAnswer {
    var status: HTTPResponseStatus
    var type: String
    var body: [UInt8]
    var fields: [(name: String, value: String)]

    init(
        _ status: HTTPResponseStatus, type: String, body: [UInt8],
        fields: [(name: String, value: String)] = []
    ) {
        self.status = status
        self.type = type
        self.body = body
        self.fields = fields
    }

    init(
        _ status: HTTPResponseStatus, text: String, fields: [(name: String, value: String)] = []
    ) {
        self.init(status, type: "text/plain; charset=utf-8", body: Array(text.utf8), fields: fields)
    }
}
