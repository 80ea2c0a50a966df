import GatewayTLS
import NIOCore
import NIOHTTP1

/// One operator's connection: HTTP/1.1, one request at a time, each with a deadline.
///
/// Comes after `BytesArrived` and NIO's HTTP decoder and encoder in the pipeline. It reads nothing while it answers: a
/// peer that sends requests and does not read the answers makes the gateway hold one answer. It does not know what is
/// answered. Confined to its channel's event loop.
final class AdminConnection: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Makes an answer and passes it on, at once or later, on the same event loop.
    typealias Answering = (AdminRequest, _ whenReady: @escaping (AdminAnswer) -> Void) -> Void

    private let connections: AdminConnections
    private let limits: AdminLimits
    private let answering: Answering
    private var machine = StateMachine()
    private var context: ChannelHandlerContext?
    /// A request whose end has not been received.
    private var request: AdminRequest?
    /// Complete requests that wait while another is being answered.
    private var pipelined = CircularBuffer<AdminRequest>()
    private var isInputOver = false
    /// In the handshake, which has verified it.
    private var hasCertificate = false
    private var isReadHeld = false
    private var deadline: Scheduled<Void>?

    /// Since when the gateway has been waiting for this peer to send a request or to read an answer.
    private(set) var waitsSince = NIODeadline.uptimeNanoseconds(0)
    /// What goes on behind an answer's head.
    private var stream: (any AdminStream)?
    /// The size of an answer that the kernel has not taken completely.
    private(set) var unreadBytes = 0

    init(connections: AdminConnections, answering: @escaping Answering) {
        self.connections = connections
        self.limits = connections.limits
        self.answering = answering
    }

    // MARK: Life

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        self.startDeadline(self.limits.requestTimeout)
        self.connections.opened(self)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        _ = self.machine.mustEnd()
        self.ended()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else { return self.end() }
        self.isInputOver = true
        guard self.machine.inputOver() == .close else { return }
        self.write(
            AdminAnswer(.badRequest, text: "this is not an HTTP/1.1 request that the admin listener understands\n"),
            to: HTTPRequestHead(version: .http1_1, method: .GET, uri: "/"), isLast: true)
        self.ended()
        context.close(promise: nil)
    }

    /// Closes the connection to make room for another.
    func giveWay() {
        self.end()
    }

    private func end() {
        guard self.machine.mustEnd() == .close else { return }
        self.close()
    }

    private func close() {
        let context = self.context
        self.ended()
        context?.close(promise: nil)
    }

    private func ended() {
        self.deadline?.cancel()
        self.deadline = nil
        self.unreadBytes = 0
        self.pipelined.removeAll()
        self.connections.closed(self)
        self.context = nil
        let stream = self.stream
        self.stream = nil
        stream?.ended()
    }

    private func startDeadline(_ time: TimeAmount) {
        guard let eventLoop = self.context?.eventLoop else { return }
        self.deadline?.cancel()
        self.waitsSince = eventLoop.now
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        self.deadline = eventLoop.scheduleTask(in: time) { bound.value.end() }
    }

    // MARK: Requests

    func read(context: ChannelHandlerContext) {
        if self.machine.wantsToRead {
            context.read()
        } else {
            self.isReadHeld = true
        }
    }

    private func readAgain() {
        guard self.isReadHeld, let context = self.context else { return }
        self.isReadHeld = false
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head): self.request = AdminRequest(head: head, hasCertificate: self.hasCertificate)
        case .body(let part): self.received(part)
        case .end:
            guard let request = self.request else { return }
            self.request = nil
            self.received(request)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is BytesArrived.Event:
            if self.machine.bytesReceived() == .startRequestDeadline { self.startDeadline(self.limits.requestTimeout) }
        case ChannelEvent.inputClosed:
            self.isInputOver = true
            if self.machine.inputOver() == .close { self.close() }
        case TLSHandlerEvent.peerCertificate:
            self.hasCertificate = true
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    private func received(_ part: ByteBuffer) {
        guard var request = self.request else { return }
        self.request = nil
        if request.body.readableBytes + part.readableBytes > self.limits.requestBody {
            request.isTooLarge = true
            request.body = ByteBuffer()
        } else if !request.isTooLarge {
            request.body.writeImmutableBuffer(part)
        }
        self.request = request
    }

    private func received(_ request: AdminRequest) {
        switch self.machine.requestReceived(isLast: !request.head.isKeepAlive) {
        case .answer:
            self.answer(request)
        case .keepWaiting:
            // When the peer closes its side, NIO delivers everything that is left, although reading is paused.
            // Bodies do not wait: those of many requests would be held then.
            if self.pipelined.count < self.limits.pipelinedRequests, request.body.readableBytes == 0 {
                self.pipelined.append(request)
            } else {
                self.end()
            }
        case .doNothing:
            break
        }
    }

    // MARK: Answers

    private func answer(_ request: AdminRequest) {
        self.startDeadline(self.limits.answerTimeout)
        self.answering(request) { answer in
            // The connection may have ended meanwhile.
            guard case .answering(let isLast) = self.machine.state else { return }
            self.write(answer, to: request.head, isLast: isLast)
        }
    }

    private func write(_ answer: AdminAnswer, to request: HTTPRequestHead, isLast: Bool) {
        guard let context = self.context else { return }
        if let stream = answer.stream, request.method != .HEAD {
            self.begin(stream, answer, to: request, in: context)
            return
        }
        self.connections.makeRoom(for: answer.body.readableBytes, of: self)
        self.unreadBytes = answer.body.readableBytes
        context.write(self.wrapOutboundOut(.head(answer.head(for: request, isLast: isLast))), promise: nil)
        if request.method != .HEAD {
            context.write(self.wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil)
        }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.writeAndFlush(self.wrapOutboundOut(.end(nil))).whenComplete { _ in bound.value.written() }
    }

    // MARK: Answers that go on

    private func begin(
        _ stream: any AdminStream, _ answer: AdminAnswer, to request: HTTPRequestHead,
        in context: ChannelHandlerContext
    ) {
        guard self.machine.answerGoesOn() == .begin else { return }
        self.deadline?.cancel()
        self.deadline = nil
        self.stream = stream
        context.write(self.wrapOutboundOut(.head(answer.head(for: request, isLast: true))), promise: nil)
        self.write(more: answer.body)
        stream.begin(on: self)
    }

    /// Passes on the next part of a stream. How much of it is unread shows in `unreadBytes`.
    func write(more part: ByteBuffer) {
        guard self.machine.state == .streaming, let context = self.context else { return }
        let count = part.readableBytes
        self.connections.makeRoom(for: count, of: self)
        if self.unreadBytes == 0 { self.waitsSince = context.eventLoop.now }
        self.unreadBytes += count
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.writeAndFlush(self.wrapOutboundOut(.body(.byteBuffer(part)))).whenComplete { _ in
            bound.value.partWritten(count)
        }
    }

    private func partWritten(_ count: Int) {
        guard self.machine.state == .streaming, let context = self.context else { return }
        self.unreadBytes -= count
        // Who reads keeps nobody waiting.
        self.waitsSince = context.eventLoop.now
    }

    private func written() {
        self.unreadBytes = 0
        let next = self.pipelined.first
        switch self.machine.answerWritten(
            next: (next != nil, next.map { !$0.head.isKeepAlive } ?? false), hasBegun: self.request != nil,
            isInputOver: self.isInputOver)
        {
        case .answerNext:
            self.answer(self.pipelined.removeFirst())
        case .startIdleDeadline:
            self.startDeadline(self.limits.idleTimeout)
            self.readAgain()
        case .startRequestDeadline:
            self.startDeadline(self.limits.requestTimeout)
            self.readAgain()
        case .close:
            self.close()
        case .doNothing:
            break
        }
    }
}
