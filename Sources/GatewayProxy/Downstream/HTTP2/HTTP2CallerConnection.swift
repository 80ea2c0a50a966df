import GatewayHTTP2
import GatewayMetrics
import NIOCore

/// One caller's HTTP/2 connection: reads requests into exchanges and writes their answers.
///
/// Does not know what a request means. Confined to its worker's event loop.
final class HTTP2CallerConnection: Deadline, ChannelInboundHandler, CallerConnection {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let environment: DownstreamEnvironment
    private let speaksBy: UInt64
    var machine = StateMachine()
    var session: HTTP2Session?
    var context: ChannelHandlerContext?
    let exchanges = StreamTable<CallerRequest>()
    /// Streams answered before their request had come to its end; made with the first.
    private var earlyAnswers: EarlyAnswers?
    /// Streams whose answers come in pieces; nil while there are none.
    var openAnswers: OpenAnswers?
    var isDirty = false
    var traffic: DownstreamTraffic
    private(set) var caller = ""
    /// Set before anything is read.
    var certificate: ShownCertificate?
    /// Where a trusted balancer says that the connection comes from. Set before anything is read.
    var source: String?
    /// The caller has said something in HTTP/2.
    private var hasSpoken = false
    /// A header section is on its way, and the deadline is its.
    private var isReceivingFields = false
    /// Everything that is still to be written comes first, then the end.
    var closesWhenWritten = false
    /// Exchanges that are still under way although their caller has reset them.
    var abandonedExchanges = 0
    /// Requests whose end has come with the read that is being handled.
    var ended: [Int32] = []
    var conduct: CallerConduct
    /// Bytes of bodies that exchanges of this connection hold, as they came or as they go to the targets.
    var heldBytes = 0
    /// Bytes of answers whose streams are still open: most of them wait to be read.
    var unreadBytes = 0
    /// Of unread answers, and of what the socket has not taken.
    var memory: MemoryShare
    /// Bytes that the transport has taken since the connection began.
    var sentBytes = 0
    /// Body bytes not yet given back to the connection's window, because too many are held.
    var withheldCredit = 0

    /// How long a caller has to end its side of the transport after ours: what it was sending has arrived by then.
    private static let lingerNanoseconds: UInt64 = 1_000_000_000
    /// Request bodies a connection may have us hold before its window stops opening; and as much of unread answers.
    var heldBytesMax: Int { self.environment.limits.connectionBytesMax }

    /// - Parameter speaksBy: when the caller must have said something in HTTP/2, in the worker's time.
    init(environment: DownstreamEnvironment, traffic: DownstreamTraffic, speaksBy: UInt64) {
        self.environment = environment
        self.memory = MemoryShare(of: environment.memory)
        self.conduct = CallerConduct(environment: environment)
        self.speaksBy = speaksBy
        self.traffic = traffic
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.caller = self.source ?? context.channel.remoteAddress?.ipAddress ?? ""
        self.environment.deadlines.schedule(self, at: self.speaksBy)
        self.startSession()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.transportClosed()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let session = self.session else { return }
        let buffer = self.unwrapInboundIn(data)
        self.traffic.received(buffer.readableBytes)
        let now = self.environment.clock.hold()
        defer { self.environment.clock.release() }
        do throws(HTTP2Error) {
            try buffer.withUnsafeReadableBytes { bytes throws(HTTP2Error) in
                try session.receive(bytes, now: now) { self.handle($0, session: session) }
            }
            self.takeEnded(now: now)
            self.environment.storage.countSessions()
            if session.isReceivingFields != self.isReceivingFields { self.fieldsBeganOrEnded() }
            if session.wantsWrite || !session.isAlive { self.markDirty() }
        } catch {
            self.fail(error)
        }
        // Not before the read is over: a request that is reset in it never leaves.
        self.environment.flushQueue.flushIfFull()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.transportClosed()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.environment.connectionFailed(error, caller: self.caller)
        context.close(promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { self.markDirty() }
        self.countMemory()
        context.fireChannelWritabilityChanged()
    }

    // MARK: Life

    private func startSession() {
        var limits = HTTP2Limits()
        limits.streamsConcurrentMax = self.environment.limits.streamsConcurrentMax
        limits.fieldSectionBytesMax = self.environment.limits.fieldSectionBytesMax
        limits.fieldsMax = self.environment.limits.fieldsMax
        limits.keepsOtherFields = false
        do throws(HTTP2Error) {
            self.session = try HTTP2Session(.server, limits: limits, storage: self.environment.storage.http2Sessions)
            self.markDirty()
            // The handshake's deadline stays until the caller has said something in HTTP/2.
        } catch {
            self.fail(error)
        }
    }

    /// A header section that goes on with the next read must come to its end in time: nothing else can come on the
    /// connection before that.
    private func fieldsBeganOrEnded() {
        self.isReceivingFields.toggle()
        guard !self.closesWhenWritten else { return }
        if self.isReceivingFields {
            self.environment.deadlines.schedule(self, in: self.environment.limits.headerTimeoutNanoseconds)
        } else if self.machine.openStreams == 0 {
            self.environment.deadlines.schedule(self, in: self.environment.limits.idleTimeoutNanoseconds)
        } else {
            self.environment.deadlines.cancel(self)
        }
    }

    override func deadlineReached() {
        if self.isReceivingFields, !self.closesWhenWritten {
            self.sendGoAway(.enhanceYourCalm)
            self.flush()
            self.close()
            return
        }
        switch self.machine.idleElapsed() {
        case .sendGoAwayAndClose:
            self.sendGoAway(.noError)
            self.closeWhenWritten()
        case .closeConnection:
            self.close()
        case .doNothing:
            break
        }
    }

    func forEachRequest(_ body: (CallerRequest) -> Void) {
        for request in self.exchanges.values { body(request) }
    }

    func sendGoAway(_ code: HTTP2ErrorCode) {
        do throws(HTTP2Error) { try self.session?.submitGoAway(code: code) } catch { self.close() }
        self.markDirty()
    }

    func fail(_ error: HTTP2Error) {
        self.traffic.sessionFailed(error)
        self.environment.logger.debug(
            "downstream session failed", metadata: ["caller": "\(self.caller)", "error": "\(error)"])
        if let code = error.goAwayCode { self.sendGoAway(code) }
        self.flush()
        self.close()
    }

    func close() {
        self.context?.close(promise: nil)
    }

    /// Closes when the caller has been sent what there is, or after the idle time if it does not take it.
    func closeWhenWritten() {
        guard !self.closesWhenWritten else {
            self.close()
            return
        }
        self.closesWhenWritten = true
        self.environment.deadlines.schedule(self, in: self.environment.limits.idleTimeoutNanoseconds)
        self.flush()
    }

    /// Ends our side of the transport and waits for the caller to end its own.
    ///
    /// Closing both at once answers what the caller is just sending with a reset, and a reset lets some systems throw
    /// away what their program has not read yet: the GOAWAY that says what may be repeated, or an answer.
    func closeOutput() {
        guard let context = self.context, self.exchanges.isEmpty else {
            self.close()
            return
        }
        self.machine.closed()
        self.session = nil
        self.environment.deadlines.schedule(self, in: Self.lingerNanoseconds)
        context.close(mode: .output, promise: nil)
    }

    private func transportClosed() {
        guard self.context != nil else { return }
        self.machine.closed()
        self.memory.set(0)
        let exchanges = self.exchanges.values
        if let session = self.session {
            for exchange in exchanges { exchange.unsentBytes += session.unsentBytes(of: exchange.streamID) }
        }
        self.context = nil
        self.session = nil
        self.environment.deadlines.cancel(self)
        self.earlyAnswers?.close()
        self.exchanges.removeAll()
        self.traffic.streams.set(0)
        for exchange in exchanges {
            _ = self.conduct.over(exchange, address: self.caller)
            _ = exchange.callerLeft()
        }
        self.conduct.close()
        self.environment.connectionClosed(self)
    }

    // MARK: Session events

    func handle(_ event: HTTP2SessionEvent, session: HTTP2Session) {
        switch event {
        case .settings:
            // The first word of a caller; later ones are no reason to wait longer for a request.
            if !self.hasSpoken, self.machine.openStreams == 0, !self.closesWhenWritten {
                self.environment.deadlines.schedule(self, in: self.environment.limits.idleTimeoutNanoseconds)
            }
            self.hasSpoken = true
        case .message(let streamID, let fields, let isEnd):
            let head = RequestHead(fields)
            guard !head.isMalformed else {
                self.reset(streamID, code: .protocolError)
                return
            }
            let path = fields.first(.path) ?? UnsafeBufferPointer(start: nil, count: 0)
            self.begin(streamID)?.receive(head: head, path: path, isEnd: isEnd)
            if isEnd { self.ended.append(streamID) }
        case .oversizedFields(let streamID, _, let pathBytes):
            let isPath = pathBytes > self.environment.limits.pathBytesMax
            self.begin(streamID)?.refuse(isPath ? .oversizedPath : .oversizedFields)
        case .data(let streamID, let bytes):
            self.receive(bytes, streamID: streamID, session: session)
        case .end(let streamID):
            self.exchanges[streamID]?.hasReceivedEnd = true
            self.ended.append(streamID)
        case .streamFailed(let streamID):
            // The first that comes: otherwise a caller could leave a hundred exchanges behind before the first counts.
            self.streamClosed(streamID, unsentBytes: session.unsentBytes(of: streamID))
        case .streamClosed(let streamID, _, let unsentBytes):
            self.streamClosed(streamID, unsentBytes: unsentBytes)
        case .trailers, .interimResponse, .requestNotSent, .goAway, .pingAcknowledged:
            // Trailers carry nothing we use; the rest changes nothing for a server, or cannot happen to one.
            break
        }
    }

    /// A new exchange; nil where there can be none.
    private func begin(_ streamID: Int32) -> CallerRequest? {
        guard self.abandonedExchanges < self.environment.limits.abandonedExchangesMax,
            !self.conduct.isHeldBack(open: self.exchanges.count, address: self.caller)
        else {
            // Whoever leaves that much behind waits until some of it is done; nothing of this stream was processed.
            self.reset(streamID, code: .refusedStream)
            return nil
        }
        guard !self.exchanges.hasValue(for: streamID), self.machine.streamOpened() else { return nil }
        self.environment.deadlines.cancel(self)
        let exchange = self.environment.makeRequest(self, streamID)
        self.conduct.begin(exchange, address: self.caller)
        self.exchanges.insert(exchange, for: streamID)
        self.traffic.streams.set(self.exchanges.count)
        return exchange
    }

    private func receive(_ bytes: UnsafeRawBufferPointer, streamID: Int32, session: HTTP2Session) {
        do throws(HTTP2Error) {
            // The connection's window opens again for the others whatever becomes of the bytes; the stream's only while
            // somebody wants them.
            guard let exchange = self.exchanges[streamID] else {
                try session.consumeConnection(bytes.count)
                return
            }
            switch exchange.receive(body: bytes) {
            case .kept: try session.consumeStream(streamID, bytes.count)
            case .keptWithoutCredit: break
            case .unwanted:
                try session.consumeConnection(bytes.count)
                if self.earlyAnswers?.discard(bytes.count, of: streamID) == true {
                    try session.consumeStream(streamID, bytes.count)
                }
                return
            }
            if self.heldBytes <= self.heldBytesMax {
                try session.consumeConnection(bytes.count)
            } else {
                self.withheldCredit += bytes.count
                // Bodies that are all incomplete would wait for each other for ever.
                if self.exchanges.values.allSatisfy(\.isReceiving) { exchange.refuse(.noRoomForBody) }
            }
        } catch {
            self.fail(error)
        }
    }

    private func streamClosed(_ streamID: Int32, unsentBytes: Int) {
        self.earlyAnswers?.remove(streamID)
        // Streams that never became an exchange (malformed, refused) were not counted either.
        guard let exchange = self.exchanges.removeValue(forKey: streamID) else { return }
        self.traffic.streams.set(self.exchanges.count)
        self.openAnswers?.remove(streamID)
        self.unreadBytes -= exchange.unreadBytes
        self.countMemory()
        exchange.unsentBytes += unsentBytes
        if self.conduct.over(exchange, address: self.caller) { self.fail(.peerExceeded(.resets)) }
        if exchange.callerLeft() { self.abandonedExchanges += 1 }
        switch self.machine.streamClosed() {
        case .startIdleDeadline:
            self.environment.deadlines.schedule(self, in: self.environment.limits.idleTimeoutNanoseconds)
        case .sendShutdownNotice:
            self.sendShutdownNotice()
        case .closeConnection:
            self.closeWhenWritten()
        case .doNothing:
            break
        }
    }

    // MARK: Writing

    /// The stream has its answer while its request is still coming.
    func answeredEarly(_ streamID: Int32) {
        let early = self.earlyAnswers ?? EarlyAnswers(connection: self)
        self.earlyAnswers = early
        early.add(streamID, environment: self.environment)
    }

    /// Tells a caller that still sends that we have all we need (RFC 9113 section 8.1); false while the answer is not
    /// out.
    func resetIfAnswered(_ streamID: Int32) -> Bool {
        guard let session = self.session else { return true }
        guard session.hasSentEnd(streamID: streamID) else { return false }
        self.reset(streamID, code: .noError)
        return true
    }

    func reset(_ streamID: Int32, code: HTTP2ErrorCode) {
        do throws(HTTP2Error) {
            try self.session?.submitReset(streamID: streamID, code: code)
            self.markDirty()
        } catch {
            self.fail(error)
        }
    }

    func markDirty() {
        guard !self.isDirty, self.session != nil else { return }
        self.isDirty = true
        self.environment.flushQueue.add(self)
    }
}
