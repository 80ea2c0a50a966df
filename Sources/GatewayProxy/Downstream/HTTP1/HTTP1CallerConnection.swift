import NIOCore
import NIOHTTP1

/// One caller's HTTP/1.1 connection: reads requests into exchanges, one after the other, and writes their answers.
///
/// Does not know what a request means, nor how HTTP/1.1 is taken apart: that is NIO's decoder's, in front of it. A
/// caller that closes its side of the connection has left, half-closed or not. Confined to its worker's event loop.
final class HTTP1CallerConnection: Deadline, ChannelDuplexHandler, CallerConnection {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What has come before its turn.
    enum Input {
        case part(HTTPServerRequestPart)
        case malformed(HTTP1RequestError)
    }

    let environment: DownstreamEnvironment
    var machine = StateMachine()
    var context: ChannelHandlerContext?
    var traffic: DownstreamTraffic
    private(set) var caller = ""
    /// Set before anything is read.
    var certificate: ShownCertificate?
    /// Where a trusted balancer says that the connection comes from. Set before anything is read.
    var source: String?
    var exchange: CallerRequest?
    /// The exchange's answer, until it is written at the end of the tick.
    var answer: Answer?
    /// The exchange's answer, where it comes in pieces.
    var openAnswer: HTTP1OpenAnswer?
    var isDirty = false
    var sendsContinue = false
    /// The caller holds its body back until it is asked for it, and has not been asked.
    var isBodyHeldBack = false
    /// The caller knows no chunks (RFC 9112 section 7.1).
    private(set) var speaksHTTP10 = false
    /// What is to come of the body; `nil` where only its end tells.
    private(set) var bodyBytesLeft: Int? = 0
    /// What is still taken of the request, once its answer has been written.
    private var unwantedRest: UnwantedRest?
    /// More than that has come: nothing is read any more until the end of the connection.
    private var hasHeardEnough = false
    /// Pipelined behind the request under way. Reading stops while anything waits, so this holds what came with the
    /// read before that, or with the caller's end of the connection.
    private var waiting = CircularBuffer<Input>()
    private var headsWaiting = 0
    /// Of the request that the decoder is at.
    private var framing = HTTP1BodyFraming()
    /// Of the answer that is being written.
    var memory: MemoryShare
    var conduct: CallerConduct
    /// Something wants to read more while it should not.
    private var isReadHeldBack = false

    /// After the last answer the caller gets time to read it and to close, because a socket that is closed with bytes
    /// unread takes the answer back (RFC 9112 section 9.6). Nobody is farther away than two round trips of a second.
    private static let lingerNanoseconds: UInt64 = 2_000_000_000
    private let speaksBy: UInt64

    /// - Parameter speaksBy: when the caller must have said something, in the worker's time.
    init(environment: DownstreamEnvironment, traffic: DownstreamTraffic, speaksBy: UInt64) {
        self.environment = environment
        self.memory = MemoryShare(of: environment.memory)
        self.conduct = CallerConduct(environment: environment)
        self.speaksBy = speaksBy
        self.traffic = traffic
    }

    /// The handlers of such a connection, in the order of what is received.
    var handlers: [any ChannelHandler] {
        var limits = NIOHTTPDecoderLimitConfiguration()
        // What is too large is answered when its head is whole, and the connection goes on; these bound what is kept
        // until then. Who goes that far beyond the limit is not heard to the end, as with HTTP/2.
        let bytesMax = 4 * self.environment.limits.fieldSectionBytesMax
        limits.maxHeaderFieldSize = bytesMax
        limits.maxHeaderListSize = bytesMax
        limits.maxHeaderFieldCount = 4 * self.environment.limits.fieldsMax
        return [
            // Both are handlers of one channel, which lets go of them together.
            ReceivedBytes(decoded: { [unowned self] in self.bytesDecoded() }) { [unowned self] in self.bytesReceived($0)
            },
            ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits)),
            self,
        ]
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.caller = self.source ?? context.channel.remoteAddress?.ipAddress ?? ""
        self.environment.deadlines.schedule(self, at: self.speaksBy)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.transportClosed()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.transportClosed()
        context.fireChannelInactive()
    }

    /// Before the decoder has them.
    private func bytesReceived(_ count: Int) {
        self.traffic.received(count)
        self.framing.received(count)
        if self.unwantedRest != nil { self.takeUnwanted(count) }
        switch self.machine.bytes() {
        case .startHeaderDeadline:
            self.environment.deadlines.schedule(self, in: self.environment.limits.headerTimeoutNanoseconds)
        case .doNothing:
            break
        }
    }

    /// The decoder has taken what has come.
    private func bytesDecoded() {
        guard self.framing.isExcessive(bytesMax: self.environment.limits.fieldSectionBytesMax) else { return }
        self.framing.bodyEnds()
        self.receive(.malformed(.framing))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = self.unwrapInboundIn(data)
        switch part {
        case .head: self.framing.bodyBegins()
        case .body(let bytes): self.framing.found(bytes.readableBytes)
        case .end: self.framing.bodyEnds()
        }
        self.receive(.part(part))
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, self.openAnswer != nil { self.markDirty() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let error as HTTPParserError where context.channel.isActive:
            self.receive(.malformed(HTTP1RequestError(error)))
        case is HTTPParserError, is ByteToMessageDecoderError:
            // The rest of what could not be read, or the end in the middle of a request.
            break
        default:
            self.environment.connectionFailed(error, caller: self.caller)
            if let exchange = self.exchange { self.noteUnsent(exchange) }
            context.close(promise: nil)
        }
    }

    private var isReadingPaused: Bool {
        self.machine.isBusy || !self.waiting.isEmpty || self.hasHeardEnough
            || self.exchange?.takesMore == false
    }

    /// Reading stops while a request is under way, so that what is pipelined stays with the caller.
    func read(context: ChannelHandlerContext) {
        if self.isReadingPaused {
            self.isReadHeldBack = true
        } else {
            context.read()
        }
    }

    // MARK: Life

    /// A request that is on its way is answered, with the end of the connection; HTTP/1.1 has no other word for it.
    func drain() {
        self.exchange?.drain()
        switch self.machine.drain() {
        case .awaitRequest:
            self.environment.deadlines.schedule(
                self, at: min(self.dueAt, self.environment.clock.now() &+ ProtocolChooser.firstWordsNanoseconds))
        case .doNothing:
            break
        }
    }

    func forEachRequest(_ body: (CallerRequest) -> Void) {
        if let exchange = self.exchange { body(exchange) }
    }

    func cut() {
        self.drain()
        self.exchange?.cut()
        self.flush()
    }

    func close() {
        self.context?.close(promise: nil)
    }

    override func deadlineReached() {
        switch self.machine.deadline() {
        case .refuseSlowHead:
            self.begin().refuse(.slowFields)
        case .linger: self.linger()
        case .close: self.close()
        case .doNothing: break
        }
    }

    private func transportClosed() {
        guard self.context != nil else { return }
        self.context = nil
        self.machine.closed()
        self.environment.deadlines.cancel(self)
        self.waiting.removeAll()
        self.exchangeEnded()
        self.conduct.close()
        self.environment.connectionClosed(self)
    }

    // MARK: Requests

    private func receive(_ input: Input) {
        guard self.machine.isBusy || !self.waiting.isEmpty else {
            self.take(input)
            return
        }
        if case .part(.head) = input {
            guard self.headsWaiting < self.environment.limits.streamsConcurrentMax else {
                // As many as HTTP/2 lets a caller have open. The rest is not processed, which the end of the connection
                // tells (RFC 9112 section 9.3.1).
                _ = self.machine.drain()
                return
            }
            self.headsWaiting += 1
        }
        self.waiting.append(input)
    }

    private func take(_ input: Input) {
        switch input {
        case .part(.head(let head)): self.take(head)
        case .part(.body(let bytes)): self.take(bytes)
        case .part(.end): self.takeEnd()
        case .malformed(let error): self.take(error)
        }
    }

    private func take(_ head: HTTPRequestHead) {
        self.speaksHTTP10 = head.version.minor == 0
        let reading = HTTP1Request.read(
            head, bytesMax: self.environment.limits.fieldSectionBytesMax,
            fieldsMax: self.environment.limits.fieldsMax, store: self.environment.storage.receivedFields)
        var isLast = true
        if case .request(let request) = reading { isLast = !request.isPersistent }
        guard self.machine.head(isLast: isLast) == .begin else { return }
        let exchange = self.begin()
        switch reading {
        case .request(let request):
            self.bodyBytesLeft = request.bodyLength
            guard let head = request.head else {
                let isPath = request.path.count > self.environment.limits.pathBytesMax
                exchange.refuse(isPath ? .oversizedPath : .oversizedFields)
                return
            }
            self.isBodyHeldBack = head.expectsContinue
            request.path.withUnsafeBufferPointer {
                exchange.receive(head: head, path: $0, isEnd: request.bodyLength == 0)
            }
            if request.bodyLength == 0 { self.requestEnded() }
        case .malformed(let detail):
            exchange.refuse(.malformed(detail))
        }
    }

    private func take(_ bytes: ByteBuffer) {
        self.isBodyHeldBack = false
        if let left = self.bodyBytesLeft { self.bodyBytesLeft = max(0, left - bytes.readableBytes) }
        guard self.machine.body() == .take, let exchange = self.exchange else { return }
        bytes.withUnsafeReadableBytes { _ = exchange.receive(body: $0) }
    }

    private func takeEnd() {
        self.isBodyHeldBack = false
        self.bodyBytesLeft = 0
        switch self.machine.end() {
        case .endRequest: self.requestEnded()
        case .next: self.next()
        case .linger: self.linger()
        case .doNothing: break
        }
    }

    private func take(_ error: HTTP1RequestError) {
        switch self.machine.malformed() {
        case .refuse: self.refuse(error, in: self.begin())
        case .refuseCurrent: if let exchange = self.exchange { self.refuse(error, in: exchange) }
        case .linger: self.linger()
        case .doNothing: break
        }
    }

    private func refuse(_ error: HTTP1RequestError, in exchange: CallerRequest) {
        switch error {
        case .oversized: exchange.refuse(.oversizedFields)
        case .method:
            exchange.refuse(.unknownMethod(error.description))
        default: exchange.refuse(.malformed(error.description))
        }
    }

    private func begin() -> CallerRequest {
        self.environment.deadlines.cancel(self)
        self.bodyBytesLeft = nil
        self.isBodyHeldBack = false
        self.sendsContinue = false
        self.answer = nil
        let exchange = self.environment.makeRequest(self, 1)
        self.conduct.begin(exchange, address: self.caller)
        self.exchange = exchange
        self.traffic.streams.set(1)
        return exchange
    }

    /// Both a request and its answer are over: takes what has waited.
    private func next() {
        self.unwantedRest = nil
        self.environment.deadlines.schedule(self, in: self.environment.limits.idleTimeoutNanoseconds)
        while !self.machine.isBusy, let input = self.waiting.popFirst() {
            if case .part(.head) = input { self.headsWaiting -= 1 }
            self.take(input)
        }
        self.readIfWanted()
    }

    func readIfWanted() {
        guard self.isReadHeldBack, !self.isReadingPaused else { return }
        self.isReadHeldBack = false
        self.context?.read()
    }

    // MARK: Answers

    /// The socket has taken the answer.
    func answerWritten() {
        switch self.machine.written() {
        case .next:
            self.exchangeEnded()
            self.next()
        case .awaitRest:
            self.exchangeEnded()
            self.awaitRest()
        case .linger:
            self.exchangeEnded()
            self.linger()
        case .doNothing:
            break
        }
    }

    /// What still comes of the request is thrown away, so that a caller that sends all before it reads comes to its
    /// end.
    private func awaitRest() {
        let rest = UnwantedRest(
            answeredAt: self.environment.clock.now(), limit: self.environment.limits.bodyTimeoutNanoseconds)
        self.unwantedRest = rest
        self.environment.deadlines.schedule(self, at: rest.dueAt)
        self.readIfWanted()
    }

    private func takeUnwanted(_ count: Int) {
        guard self.unwantedRest?.take(count, now: self.environment.clock.now()) == true, let rest = self.unwantedRest
        else {
            self.hasHeardEnough = true
            self.deadlineReached()
            return
        }
        self.environment.deadlines.schedule(self, at: rest.dueAt)
    }

    private func linger() {
        self.unwantedRest = nil
        self.waiting.removeAll()
        self.headsWaiting = 0
        self.environment.deadlines.schedule(self, in: Self.lingerNanoseconds)
        self.context?.close(mode: .output, promise: nil)
        self.readIfWanted()
    }
}
