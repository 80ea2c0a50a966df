import GatewayHTTP2
import GatewayTLS
import NIOCore
import NIOPosix

@testable import GatewaySandbox

/// One HTTP/2 connection to a sandbox: what a gateway's upstream side would see, told without judgement.
final class SandboxClient: Sendable {
    /// What became of a request.
    struct Outcome: Sendable, Equatable {
        enum End: Sendable, Equatable {
            case complete
            case streamClosed(HTTP2ErrorCode)
            case notSent
            case connectionClosed
        }

        var status: Int?
        var contentLength: String?
        var body: [UInt8] = []
        var end = End.complete

        var text: String { String(decoding: self.body, as: UTF8.self) }
    }

    private let channel: any Channel
    private let handler: NIOLoopBound<ClientHandler>

    private init(channel: any Channel, handler: NIOLoopBound<ClientHandler>) {
        self.channel = channel
        self.handler = handler
    }

    static func connect(
        _ group: any EventLoopGroup, port: Int, tls: TLSContext? = nil
    ) async throws -> SandboxClient {
        try await ClientBootstrap(group: group)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try ClientHandler()
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            TLSHandler(
                                connection: TLSConnection(context: tls, serverName: "localhost"),
                                scratch: TLSScratchBuffer()))
                    }
                    try channel.pipeline.syncOperations.addHandler(handler)
                    return SandboxClient(
                        channel: channel, handler: NIOLoopBound(handler, eventLoop: channel.eventLoop))
                }
            }
    }

    /// Sends a request; the result comes when the stream or the connection has ended.
    func send(_ request: SandboxRequest) async throws -> Outcome {
        try await self.start(request).get()
    }

    /// Sends a request at once; requests started one after the other go out in that order.
    func start(_ request: SandboxRequest) -> EventLoopFuture<Outcome> {
        let promise = self.channel.eventLoop.makePromise(of: Outcome.self)
        self.channel.eventLoop.execute { self.handler.value.send(request, promise) }
        return promise.futureResult
    }

    func close() async throws {
        try await self.channel.close().get()
    }

    var isClosed: EventLoopFuture<Void> { self.channel.closeFuture }
}

/// Confined to its channel's event loop.
private final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private struct Pending {
        let promise: EventLoopPromise<SandboxClient.Outcome>
        var outcome = SandboxClient.Outcome()
    }

    private let session: HTTP2Session
    private var pending: [Int32: Pending] = [:]
    private var waiting: [(SandboxRequest, EventLoopPromise<SandboxClient.Outcome>)] = []
    private var context: ChannelHandlerContext?
    private var isReady = false

    init() throws {
        self.session = try HTTP2Session(.client, storage: HTTP2SessionStorage())
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context _: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        // With TLS nothing may be written before the handshake is over; the event says when.
        let isPlain = (try? context.pipeline.syncOperations.handler(type: TLSHandler.self)) == nil
        if isPlain { self.becomeReady() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is TLSHandlerEvent { self.becomeReady() }
        context.fireUserInboundEventTriggered(event)
    }

    private func becomeReady() {
        self.isReady = true
        self.flush()
        let waiting = self.waiting
        self.waiting.removeAll()
        for (request, promise) in waiting { self.send(request, promise) }
    }

    func send(_ request: SandboxRequest, _ promise: EventLoopPromise<SandboxClient.Outcome>) {
        guard let context = self.context, context.channel.isActive else {
            promise.succeed(SandboxClient.Outcome(end: .connectionClosed))
            return
        }
        guard self.isReady else {
            self.waiting.append((request, promise))
            return
        }
        let fields = HTTP2FieldList()
        fields.append(":method", request.method)
        fields.append(":scheme", request.scheme)
        fields.append(":authority", request.authority)
        fields.append(":path", request.path)
        for header in request.headers { fields.append(name: header.name, value: header.value) }
        do {
            let streamID = try self.session.submitRequest(fields: fields, body: request.body)
            self.pending[streamID] = Pending(promise: promise)
        } catch {
            promise.succeed(SandboxClient.Outcome(end: .notSent))
        }
        self.flush()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = self.unwrapInboundIn(data)
        do {
            try buffer.withUnsafeReadableBytes {
                try self.session.receive($0, now: 0) { self.handle($0) }
            }
        } catch {
            context.close(promise: nil)
            return
        }
        self.flush()
    }

    func channelInactive(context _: ChannelHandlerContext) {
        for streamID in self.pending.keys.sorted() { self.finish(streamID, .connectionClosed) }
        for (_, promise) in self.waiting { promise.succeed(SandboxClient.Outcome(end: .connectionClosed)) }
        self.waiting.removeAll()
    }

    func errorCaught(context: ChannelHandlerContext, error _: any Error) {
        context.close(promise: nil)
    }

    private func handle(_ event: HTTP2SessionEvent) {
        switch event {
        case .message(let streamID, let fields, _):
            self.pending[streamID]?.outcome.status = fields.status
            self.pending[streamID]?.outcome.contentLength = fields.string(.contentLength)
        case .data(let streamID, let bytes):
            self.pending[streamID]?.outcome.body.append(contentsOf: bytes)
            try? self.session.consumeConnection(bytes.count)
            try? self.session.consumeStream(streamID, bytes.count)
        case .streamClosed(let streamID, let code, _):
            self.finish(streamID, code == .noError ? .complete : .streamClosed(code))
        case .requestNotSent(let streamID):
            self.finish(streamID, .notSent)
        case .interimResponse, .oversizedFields, .trailers, .end, .streamFailed, .settings, .goAway, .pingAcknowledged:
            break
        }
    }

    private func finish(_ streamID: Int32, _ end: SandboxClient.Outcome.End) {
        guard var pending = self.pending.removeValue(forKey: streamID) else { return }
        pending.outcome.end = end
        pending.promise.succeed(pending.outcome)
    }

    private func flush() {
        guard let context = self.context else { return }
        var buffer = context.channel.allocator.buffer(capacity: 1024)
        while (try? self.session.writeOutput(into: &buffer, maximum: buffer.readableBytes + 65_536)) == true {}
        self.session.deliverPending { self.handle($0) }
        if buffer.readableBytes > 0 { context.writeAndFlush(self.wrapOutboundOut(buffer), promise: nil) }
    }
}
