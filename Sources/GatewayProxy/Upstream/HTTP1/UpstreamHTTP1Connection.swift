import GatewayHTTP
import GatewayTLS
import NIOCore
import NIOHTTP1

/// One HTTP/1.1 connection to a vendor: one exchange at a time, kept for the next one where the vendor keeps it.
///
/// Nothing is ever sent behind a request that is not answered. Whoever gives an attempt up ends the connection, because
/// HTTP/1.1 has no other way to stop an answer. Confined to its worker's event loop.
final class UpstreamHTTP1Connection: PooledConnection, ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = ByteBuffer

    private var machine = StateMachine()
    private var context: ChannelHandlerContext?
    /// Held by the pipeline, and holds the connection.
    private weak var decoder: HTTP1AnswerDecoder?
    private var attempt: Attempt?
    /// Counts the exchanges, so that a late word about one does not hit the next.
    private var serial: Int32 = 0
    private var keepAliveSeconds: Int?
    /// Of the answer that the decoder is at.
    var framing = HTTP1BodyFraming()
    private var becameIdleAt: UInt64 = 0
    /// The vendor has said properly that it closes; over TCP alone nothing more can be known than that it has closed.
    private var isClosedCleanly: Bool

    override init(pool: UpstreamPool, traffic: UpstreamTraffic, address: String?) {
        self.isClosedCleanly = pool.endpoint.tls == nil
        super.init(pool: pool, traffic: traffic, address: address)
    }

    override var version: UpstreamVersion { .http1 }

    override func install(in pipeline: ChannelPipeline.SynchronousOperations) throws {
        let decoder = HTTP1AnswerDecoder(connection: self)
        self.decoder = decoder
        try pipeline.addHandlers([
            // Both are handlers of one channel, which lets go of them together.
            ReceivedBytes { [unowned self] in self.traffic.received($0) }, ByteToMessageHandler(decoder), self,
        ])
    }

    override var freeStreams: Int {
        self.stage == .ready && self.attempt == nil && self.machine.isIdle ? 1 : 0
    }

    // MARK: Requests

    override func send(_ attempt: Attempt) -> Bool {
        guard self.stage == .ready, self.attempt == nil, let context = self.context else { return false }
        guard let bytes = self.bytes(of: attempt.request) else {
            attempt.failed(.notConnected(reason: "the request cannot be written in HTTP/1.1"))
            return true
        }
        guard self.machine.requestStarted() else { return false }
        self.environment.deadlines.cancel(self)
        self.attempt = attempt
        self.serial &+= 1
        self.traffic.streams.set(1)
        self.decoder?.requestStarted(method: attempt.request.method)
        attempt.sent(on: self, streamID: self.serial)
        self.traffic.sent(bytes.readableBytes)
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound((connection: self, serial: self.serial), eventLoop: context.eventLoop)
        written.futureResult.whenSuccess {
            let (connection, serial) = bound.value
            if connection.serial == serial { connection.machine.requestWritten() }
        }
        context.writeAndFlush(self.wrapOutboundOut(bytes), promise: written)
        return true
    }

    /// The whole request, in one write: it leaves in one TLS record and one segment where it fits. Nil where it cannot
    /// be written.
    private func bytes(of request: UpstreamRequest) -> ByteBuffer? {
        let writer = self.environment.storage.http1Writer
        guard
            writer.begin(
                method: request.method, basePath: request.basePath, path: request.path,
                host: self.endpoint.authority)
        else { return nil }
        request.append(to: writer)
        writer.endFields()
        writer.append(body: request.body)
        return writer.take()
    }

    override func abandon(streamID: Int32) {
        guard streamID == self.serial, self.attempt != nil else { return }
        // It is told by whoever gives it up.
        self.attempt = nil
        self.traffic.streams.set(0)
        self.close()
    }

    override var idleSince: UInt64? { self.freeStreams > 0 ? self.becameIdleAt : nil }

    /// It is closed already: nobody waits for the answer.
    override func suspect(sentAt: UInt64) {
        self.pool.closeIdle(since: sentAt)
    }

    override func drain() {
        guard self.stage == .ready else { return }
        self.stage = .draining
        if self.attempt == nil { self.close() }
    }

    override func close() {
        if self.stage != .closed { self.stage = .draining }
        self.machine.closed()
        if let context = self.context {
            context.close(promise: nil)
        } else {
            self.transportClosed()
        }
    }

    /// The idle time is over.
    override func deadlineReached() {
        if self.attempt == nil { self.close() }
    }

    /// Shorter than what the vendor promises, so that no request meets a connection that is being closed.
    private func idle() {
        var limit = self.endpoint.idleTimeoutNanoseconds
        if let seconds = self.keepAliveSeconds {
            let promised = UInt64(min(seconds, Self.keepAliveSecondsMax)) * 1_000_000_000
            limit = min(limit, promised - promised / 4)
        }
        self.becameIdleAt = self.environment.clock.now()
        self.environment.deadlines.schedule(self, at: self.becameIdleAt &+ limit)
    }

    /// An hour: the longest idle time that can be configured.
    private static let keepAliveSecondsMax = 3600

    // MARK: Told by the decoder

    var expectsBytes: Bool { self.machine.expectsBytes }
    var isAnswered: Bool { self.machine.isAnswered }

    /// All that came with the end of an answer has been looked at.
    func answerTaken(isClean: Bool) {
        let attempt = self.attempt
        switch self.machine.answerTaken(isClean: isClean) {
        case .doNothing:
            return
        case .close:
            self.attempt = nil
            self.traffic.streams.set(0)
            self.stage = .draining
            attempt?.receivedEnd()
            self.close()
        case .reuse:
            self.attempt = nil
            self.traffic.streams.set(0)
            if self.stage == .ready { self.idle() }
            // Free before anybody hears of the answer: what follows from it may take the same connection.
            attempt?.receivedEnd()
            if self.stage == .draining {
                self.close()
            } else {
                self.pool.streamFreed(on: self)
            }
        }
    }

    // MARK: Channel events

    /// The channel is connected by then, and the TLS handshake is over.
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.idle()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.transportClosed()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head):
            self.framing.bodyBegins()
            self.received(head)
        case .body(let bytes):
            self.framing.found(bytes.readableBytes)
            bytes.withUnsafeReadableBytes { self.attempt?.received(body: $0) }
        case .end:
            self.framing.bodyEnds()
            if self.machine.answerEnded(closedCleanly: self.isClosedCleanly) == .cutShort {
                self.broke(because: "the connection was cut")
            }
        }
    }

    private func received(_ head: HTTPResponseHead) {
        guard let attempt = self.attempt else { return }
        if (100..<200).contains(head.status.code), head.status.code != 101 {
            if self.machine.interimReceived() == .giveUp {
                self.broke(because: "\(HTTP1AnswerError.tooManyInterimAnswers)")
            }
            return
        }
        do throws(HTTP1AnswerError) {
            let answer = try HTTP1AnswerHead(head, requestMethod: attempt.request.method)
            guard self.machine.headReceived(keepsAlive: answer.keepsAlive, endsAtClose: answer.endsAtClose) == .takeHead
            else { throw .outOfOrder }
            self.keepAliveSeconds = answer.keepAliveSeconds
            let store = self.environment.storage.receivedFields
            let isTaken: Void? = store.deliver(head.headers, naming: attempt.request.wantedHeaders) {
                attempt.received(status: answer.status, fields: $0)
            }
            guard isTaken != nil else { throw .oversizedFields }
        } catch {
            self.broke(because: "\(error)", isMalformed: true)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .closedByPeer? = event as? TLSHandlerEvent { self.isClosedCleanly = true }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.isClosedCleanly = false
        // What stands behind an answer does not make it less of an answer.
        if self.isAnswered {
            self.answerTaken(isClean: false)
        } else {
            self.broke(because: Self.describe(error), isMalformed: Self.isMalformed(error))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.transportClosed()
        context.fireChannelInactive()
    }

    /// The connection is of no more use, and what was under way on it is over.
    ///
    /// - Parameter isMalformed: because of what the vendor has answered.
    private func broke(because reason: String, isMalformed: Bool = false) {
        let attempt = self.attempt
        self.attempt = nil
        self.traffic.streams.set(0)
        self.close()
        if isMalformed {
            attempt?.answerMalformed(because: reason)
        } else {
            attempt?.ended(because: reason)
        }
    }

    private static func isMalformed(_ error: any Error) -> Bool {
        switch error {
        case HTTPParserError.invalidEOFState: false
        case is HTTP1AnswerError, is HTTPParserError: true
        default: false
        }
    }

    private func transportClosed() {
        guard self.stage != .closed else { return }
        self.stage = .closed
        self.machine.closed()
        self.context = nil
        self.environment.deadlines.cancel(self)
        let attempt = self.attempt
        self.attempt = nil
        self.traffic.closed()
        self.pool.connectionClosed(self)
        attempt?.ended(because: "the connection was closed")
    }

    private static func describe(_ error: any Error) -> String {
        switch error {
        case let error as HTTP1AnswerError: "\(error)"
        case HTTPParserError.invalidEOFState: "the connection was closed"
        case HTTPParserError.headerOverflow: "too many or too large fields"
        case let error as HTTPParserError: "the answer is not HTTP/1.1: \(error)"
        default: ConnectFailure.describe(error)
        }
    }
}
