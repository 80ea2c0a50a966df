import GatewayHTTP2
import NIOCore

/// One HTTP/2 connection to a vendor, shared by the attempts of one worker.
///
/// Body bytes are given back to the connection's window as they arrive: each answer is collected up to its own limit,
/// so that a caller who does not read cannot keep the window shut for the others. Confined to its worker's event loop.
final class UpstreamHTTP2Connection: PooledConnection, ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var session: HTTP2Session?
    private var context: ChannelHandlerContext?
    private let attempts = StreamTable<Attempt>()
    private var isDirty = false
    private var lastReadAt: UInt64 = 0
    /// When a sign of life was asked for; `nil` once anything has come.
    private var pingSentAt: UInt64?
    /// What those are told whose attempts end with the connection.
    private var endReason = "the connection was closed"

    /// A megabyte may be on its way on one stream, sixteen on the connection: no answer waits for a window.
    private static let streamWindowBytes = 1024 * 1024
    private static let connectionWindowBytes = 16 * 1024 * 1024

    override func install(in pipeline: ChannelPipeline.SynchronousOperations) throws {
        try pipeline.addHandler(self)
    }

    override var freeStreams: Int {
        guard self.stage == .ready, !self.isSuspect, let session = self.session,
            session.canSubmitRequest
        else { return 0 }
        return min(self.endpoint.streamsMax, session.remoteStreamsConcurrentMax) - self.attempts.count
    }

    // MARK: Requests

    override func send(_ attempt: Attempt) -> Bool {
        guard let session = self.session, self.stage == .ready else { return false }
        let fields = self.environment.storage.http2Fields
        fields.removeAll()
        fields.append(":method", attempt.request.method)
        fields.append(":scheme", self.endpoint.scheme)
        fields.append(":authority", self.endpoint.authority)
        fields.append(":path", attempt.request.basePath, attempt.request.path)
        attempt.request.append(to: fields)
        do throws(HTTP2Error) {
            let streamID = try session.submitRequest(fields: fields, body: attempt.request.body)
            if self.attempts.isEmpty, self.pingSentAt == nil {
                self.environment.deadlines.schedule(self, in: self.endpoint.pingIntervalNanoseconds)
            }
            self.attempts.insert(attempt, for: streamID)
            self.traffic.streams.set(self.attempts.count)
            attempt.sent(on: self, streamID: streamID)
            self.environment.flushQueue.countMessage()
            self.markDirty()
            return true
        } catch {
            return false
        }
    }

    override func abandon(streamID: Int32) {
        do throws(HTTP2Error) {
            try self.session?.submitReset(streamID: streamID, code: .cancel)
            self.markDirty()
        } catch {
            self.close()
        }
    }

    override func suspect(sentAt _: UInt64) {
        guard self.stage == .ready else { return }
        self.timeoutsInARow += 1
        guard self.timeoutsInARow < Self.timeoutsMax else {
            // Whatever answers the PINGs, it is of no use; what is under way on it keeps its time.
            var metadata = self.environment.description(of: self.endpoint)
            metadata["timeouts"] = .stringConvertible(self.timeoutsInARow)
            self.environment.logger.warning("\(self.endpoint.role.title) connection given up", metadata: metadata)
            self.drain()
            self.pool.connectionDraining(self)
            return
        }
        self.isSuspect = true
        if self.pingSentAt == nil { self.ping() }
        self.pool.connectionDraining(self)
    }

    private func ping() {
        guard let session = self.session else { return }
        do throws(HTTP2Error) {
            try session.submitPing()
            self.pingSentAt = self.environment.clock.now()
            self.environment.deadlines.schedule(self, in: self.endpoint.pingIntervalNanoseconds)
            self.markDirty()
        } catch {
            self.close()
        }
    }

    /// Anything that comes is a sign of life.
    private func noteRead(at now: UInt64) {
        self.lastReadAt = now
        guard self.pingSentAt != nil || self.isSuspect else { return }
        self.pingSentAt = nil
        self.isSuspect = false
        if self.attempts.isEmpty { self.idle() }
        self.pool.streamFreed(on: self)
    }

    override func drain() {
        guard self.stage == .ready else { return }
        self.stage = .draining
        if self.attempts.isEmpty { self.close() }
    }

    override func close() {
        // Nothing more is to be sent on it: the transport may take until a later tick to say that it is gone.
        if self.stage != .closed { self.stage = .draining }
        if let context = self.context {
            context.close(promise: nil)
        } else {
            self.transportClosed()
        }
    }

    // MARK: Channel events

    /// The channel is connected by then, and the TLS handshake is over.
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.start()
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
        self.noteRead(at: now)
        do throws(HTTP2Error) {
            try buffer.withUnsafeReadableBytes { bytes throws(HTTP2Error) in
                try session.receive(bytes, now: now) { self.handle($0, session: session) }
            }
            if session.wantsWrite || !session.isAlive { self.markDirty() }
        } catch {
            self.fail(error)
        }
        // Not before all of the read has been delivered: flushing may end the connection.
        self.environment.flushQueue.flushIfFull()
    }

    /// The session is of no more use: the vendor is told why, as far as it takes it, and the connection ends.
    private func fail(_ error: HTTP2Error) {
        self.traffic.sessionFailed(error)
        var metadata = self.environment.description(of: self.endpoint)
        metadata["error"] = "\(error)"
        self.environment.logger.warning("upstream session failed", metadata: metadata)
        self.endReason = "the gateway closed the connection: \(error)"
        do throws(HTTP2Error) {
            if let code = error.goAwayCode { try self.session?.submitGoAway(code: code) }
            self.flush()
        } catch {
            // Memory has run out: it goes without a word.
        }
        self.close()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.transportClosed()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error _: any Error) {
        context.close(promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { self.markDirty() }
        context.fireChannelWritabilityChanged()
    }

    override func deadlineReached() {
        if self.pingSentAt != nil {
            // Not even a PING has brought an answer.
            self.close()
        } else if self.attempts.isEmpty {
            // The idle time is over.
            self.close()
        } else {
            let silentUntil = self.lastReadAt &+ self.endpoint.pingIntervalNanoseconds
            if self.environment.clock.now() >= silentUntil {
                self.ping()
            } else {
                self.environment.deadlines.schedule(self, at: silentUntil)
            }
        }
    }

    private func start() {
        var limits = HTTP2Limits()
        limits.streamWindowBytes = Self.streamWindowBytes
        limits.connectionWindowBytes = Self.connectionWindowBytes
        limits.keepsOtherFields = self.endpoint.keepsOtherFields
        limits.fieldSectionBytesMax = 64 * 1024  // Vendors behind several proxies answer with many fields.
        do throws(HTTP2Error) {
            self.session = try HTTP2Session(.client, limits: limits, storage: self.environment.storage.http2Sessions)
            self.markDirty()
            self.idle()
        } catch {
            self.close()
        }
    }

    private func idle() {
        guard self.attempts.isEmpty, self.stage == .ready, self.pingSentAt == nil else { return }
        self.environment.deadlines.schedule(self, in: self.endpoint.idleTimeoutNanoseconds)
    }

    private func transportClosed() {
        guard self.stage != .closed else { return }
        self.stage = .closed
        self.context = nil
        self.session = nil
        self.environment.deadlines.cancel(self)
        let attempts = self.attempts.values
        self.attempts.removeAll()
        self.traffic.closed()
        self.pool.connectionClosed(self)
        for attempt in attempts { attempt.ended(because: self.endReason) }
    }

    // MARK: Session events

    private func handle(_ event: HTTP2SessionEvent, session: HTTP2Session) {
        switch event {
        case .message(let streamID, let fields, let isEnd):
            guard let attempt = self.attempts[streamID] else { return }
            attempt.received(status: fields.status ?? 0, fields: fields)
            guard isEnd else { return }
            self.timeoutsInARow = 0
            attempt.receivedEnd()
            if !session.hasSentEnd(streamID: streamID) { self.abandon(streamID: streamID) }
        case .data(let streamID, let bytes):
            self.attempts[streamID]?.received(body: bytes)
            do throws(HTTP2Error) {
                try session.consumeConnection(bytes.count)
                try session.consumeStream(streamID, bytes.count)
            } catch {
                self.close()
            }
        case .end(let streamID):
            self.timeoutsInARow = 0
            self.attempts[streamID]?.receivedEnd()
            // The vendor has answered without reading the whole request: the rest is of no use to it.
            if !session.hasSentEnd(streamID: streamID) { self.abandon(streamID: streamID) }
        case .streamClosed(let streamID, let code, _):
            self.streamClosed(streamID, code: code)
        case .requestNotSent(let streamID):
            self.streamClosed(streamID, code: .refusedStream)
        case .oversizedFields(let streamID, _, _):
            self.attempts[streamID]?.failed(.answerTooLarge(status: 0))
            self.abandon(streamID: streamID)
        case .goAway:
            // Streams that the vendor did not process close by themselves, as refused.
            self.drain()
            self.pool.connectionDraining(self)
        case .settings:
            self.pool.streamFreed(on: self)
        case .interimResponse, .trailers, .streamFailed, .pingAcknowledged:
            break
        }
    }

    /// What writing has brought to light. A stream that ends with an error here, and whose attempt nobody has given up,
    /// has been reset by libnghttp2, because its answer breaks the rules of RFC 9113 section 8 or a window's.
    private func handleWritten(_ event: HTTP2SessionEvent, session: HTTP2Session) {
        if case .streamClosed(let streamID, let code, _) = event, code != .noError,
            let attempt = self.attempts[streamID]
        {
            if code == .internalError {
                // A header section of which we have given up decoding any more.
                attempt.failed(.answerTooLarge(status: 0))
            } else {
                attempt.answerMalformed(because: "the gateway reset the stream: \(code)")
            }
        }
        self.handle(event, session: session)
    }

    private func streamClosed(_ streamID: Int32, code: HTTP2ErrorCode) {
        guard let attempt = self.attempts.removeValue(forKey: streamID) else { return }
        self.traffic.streams.set(self.attempts.count)
        if attempt.stage == .sent, code == .refusedStream {
            attempt.failed(.refused)
        } else if attempt.stage != .finished {
            // Nearly always the answer has come by then, and no words are needed.
            attempt.ended(because: "the vendor reset the stream: \(code)")
        }
        switch self.stage {
        case .ready:
            self.idle()
            self.pool.streamFreed(on: self)
        case .draining:
            if self.attempts.isEmpty { self.close() }
        case .closed:
            break
        }
    }

    private func markDirty() {
        guard !self.isDirty, self.session != nil else { return }
        self.isDirty = true
        self.environment.flushQueue.add(self)
    }
}

extension UpstreamHTTP2Connection: Flushable {
    func flush() {
        self.isDirty = false
        guard let session = self.session, let context = self.context, context.channel.isWritable
        else { return }
        do throws(HTTP2Error) {
            let (count, hasMore) = try self.environment.storage.write(session, to: context)
            self.traffic.sent(count)
            session.deliverPending { self.handleWritten($0, session: session) }
            if hasMore {
                self.markDirty()
            } else if !session.isAlive {
                // A connection error: the GOAWAY is out and nothing will be read any more.
                self.endReason = "the gateway closed the connection: the vendor broke a rule of HTTP/2"
                self.close()
            }
        } catch {
            self.close()
        }
    }
}
