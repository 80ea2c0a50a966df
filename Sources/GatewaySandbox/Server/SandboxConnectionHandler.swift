import GatewayHTTP
import GatewayHTTP2
import NIOCore

/// One connection to the stand-ins: an HTTP/2 server that answers as soon as a request is complete.
///
/// Confined to its channel's event loop. Faults are in `SandboxConnectionHandler+Faults.swift`.
final class SandboxConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let sandbox: VendorSandbox
    private var connectionNumber = 0
    var session: HTTP2Session?
    var context: ChannelHandlerContext?
    var streams: [Int32: SandboxStream] = [:]
    /// Answers that must be carried out outside `receive`.
    var waiting: [WaitingAnswer] = []
    let fields = HTTP2FieldList()
    /// A GOAWAY has been forged: the connection ends with its last stream.
    var isDraining = false
    private var hasSeenPreface = false
    private var isReceiving = false

    struct WaitingAnswer {
        let streamID: Int32
        let response: SandboxResponse
    }

    /// Bytes of frames put together for one write: the size of a socket buffer's worth.
    private static let outputBytesMax = 64 * 1024

    init(_ sandbox: VendorSandbox) {
        self.sandbox = sandbox
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { self.open() }
    }

    func handlerRemoved(context _: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        self.open()
        context.fireChannelActive()
    }

    private func open() {
        guard self.connectionNumber == 0 else { return }
        self.connectionNumber = self.sandbox.connections.withLock { $0.connectionOpened() }
        var limits = HTTP2Limits()
        limits.streamsConcurrentMax = self.sandbox.options.limits.streamsPerConnectionMax
        do {
            self.session = try HTTP2Session(.server, limits: limits, storage: HTTP2SessionStorage())
        } catch {
            self.context?.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if self.connectionNumber > 0 {
            self.sandbox.connections.withLock { $0.connectionClosed(openStreams: self.streams.count) }
        }
        self.streams.removeAll()
        self.waiting.removeAll()
        self.session = nil
        context.fireChannelInactive()
    }

    /// A connection that fails has failed its requests; there is nobody to tell.
    func errorCaught(context: ChannelHandlerContext, error _: any Error) {
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = self.unwrapInboundIn(data)
        if !self.hasSeenPreface {
            self.hasSeenPreface = true
            // The preface begins with "PRI"; whatever else comes speaks HTTP/1.1 (RFC 9113 section 3.4).
            guard "PRI".utf8.starts(with: buffer.readableBytesView.prefix(3)) else {
                self.refuseHTTP1(context)
                return
            }
        }
        guard let session = self.session else { return }
        do {
            self.isReceiving = true
            defer { self.isReceiving = false }
            try buffer.withUnsafeReadableBytes { bytes in
                try session.receive(bytes, now: NIODeadline.now().uptimeNanoseconds) { self.handle($0) }
            }
        } catch {
            self.flushOutput()
            context.close(promise: nil)
            return
        }
        self.carryOutWaiting()
        self.flushOutput()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { self.flushOutput() }
        context.fireChannelWritabilityChanged()
    }

    private func refuseHTTP1(_ context: ChannelHandlerContext) {
        let text = "The sandbox speaks HTTP/2 only: curl --http2-prior-knowledge, or --http2 with TLS.\n"
        let answer = """
            HTTP/1.1 426 Upgrade Required\r\nupgrade: h2c\r\nconnection: upgrade, close\r\n\
            content-type: text/plain\r\ncontent-length: \(text.utf8.count)\r\n\r\n\(text)
            """
        self.writeAndClose(ByteBuffer(string: answer), context)
    }

    // MARK: Events

    private func handle(_ event: HTTP2SessionEvent) {
        switch event {
        case .message(let streamID, let fields, let isEnd):
            self.streams[streamID] = SandboxStream(
                fields, connection: self.connectionNumber, stream: Int(streamID))
            let count = self.streams.count
            self.sandbox.connections.withLock { $0.streamOpened(onConnection: count) }
            if isEnd { self.answer(streamID) }
        case .data(let streamID, let bytes):
            self.append(bytes, to: streamID)
        case .end(let streamID):
            self.answer(streamID)
        case .streamClosed(let streamID, _, _):
            self.forget(streamID)
        case .oversizedFields(let streamID, _, _):
            let answer = VendorAnswer(status: 431, json: ["error": "the header section is too large"])
            self.deliver(answer.response(), on: streamID)
        case .interimResponse, .trailers, .streamFailed, .requestNotSent, .settings, .goAway, .pingAcknowledged:
            break
        }
    }

    private func append(_ bytes: UnsafeRawBufferPointer, to streamID: Int32) {
        let bodyBytesMax = self.sandbox.options.limits.requestBodyBytesMax
        if let stream = self.streams[streamID] {
            if stream.request.body.count + bytes.count > bodyBytesMax {
                self.streams[streamID]?.isTooLarge = true
            } else {
                self.streams[streamID]?.request.body.append(contentsOf: bytes)
            }
        }
        do {
            try self.session?.consumeConnection(bytes.count)
            try self.session?.consumeStream(streamID, bytes.count)
        } catch {
            self.context?.close(promise: nil)
        }
    }

    private func answer(_ streamID: Int32) {
        guard let stream = self.streams[streamID] else { return }
        if stream.isTooLarge {
            self.deliver(VendorAnswer(status: 413, json: ["error": "the body is too large"]).response(), on: streamID)
            return
        }
        // The stream keeps its place in the table, not its body.
        self.streams[streamID]?.request.body = []
        let response = self.sandbox.answer(stream.request)
        if response.fault == .none {
            self.deliver(response, on: streamID)
        } else {
            self.schedule(WaitingAnswer(streamID: streamID, response: response))
        }
    }

    /// Faults act on the connection, which must not happen while the session delivers events.
    private func schedule(_ answer: WaitingAnswer) {
        let delay = answer.response.fault.delayMilliseconds
        guard delay > 0, let eventLoop = self.context?.eventLoop else {
            self.waiting.append(answer)
            return
        }
        eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(delay))) {
            guard self.streams[answer.streamID] != nil else { return }
            self.waiting.append(answer)
            self.carryOutWaiting()
            self.flushOutput()
        }
    }

    func forget(_ streamID: Int32) {
        guard self.streams.removeValue(forKey: streamID) != nil else { return }
        self.sandbox.connections.withLock { $0.streamClosed() }
    }

    // MARK: Answers

    /// Submits an answer as it is.
    ///
    /// - Parameter announcedLength: what `content-length` says; nil leaves it out.
    func submit(_ response: SandboxResponse, announcedLength: Int?, on streamID: Int32) {
        self.write(fieldsOf: response, announcedLength: announcedLength)
        do {
            try self.session?.submitResponse(streamID: streamID, fields: self.fields, body: response.body)
        } catch {
            // The stream has been closed by the peer in the meantime.
            self.forget(streamID)
        }
    }

    /// Puts an answer's fields where they are submitted from.
    func write(fieldsOf response: SandboxResponse, announcedLength: Int?) {
        self.fields.removeAll()
        self.fields.append(":status", decimal: response.status)
        for header in response.headers { self.fields.append(name: header.name, value: header.value) }
        if let announcedLength { self.fields.append("content-length", decimal: announcedLength) }
    }

    func deliver(_ response: SandboxResponse, on streamID: Int32) {
        // 204 has no content and no length of it (RFC 9110 section 8.6).
        self.submit(response, announcedLength: response.status == 204 ? nil : response.body.count, on: streamID)
    }

    /// Sends what the session has, as far as the peer takes it.
    func flushOutput() {
        guard !self.isReceiving, let session = self.session, let context = self.context else { return }
        var hasWritten = false
        do {
            while context.channel.isWritable {
                var buffer = context.channel.allocator.buffer(capacity: 1024)
                let mayHaveMore = try session.writeOutput(into: &buffer, maximum: Self.outputBytesMax)
                session.deliverPending { self.handle($0) }
                if buffer.readableBytes > 0 {
                    context.write(self.wrapOutboundOut(buffer), promise: nil)
                    hasWritten = true
                }
                if !mayHaveMore { break }
            }
        } catch {
            context.close(promise: nil)
            return
        }
        if hasWritten { context.flush() }
        if !session.isAlive || (self.isDraining && self.streams.isEmpty) { context.close(promise: nil) }
    }

    func writeAndClose(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        context.writeAndFlush(self.wrapOutboundOut(buffer), promise: written)
    }
}
