import GatewayHTTP
import GatewayHTTP2
import GatewayJSON
import GatewayTLS
import NIOCore
import NIOPosix

/// Whoever wants to know what comes of a connection. Told on its event loop.
protocol PushConnectionDelegate: AnyObject {
    /// Another stream with the key is under way: the inquiry is made again until it is over.
    func connectionWaits(_ connection: PushConnection)
    /// Lines may be sent: what has been handed over is nearly all on its way.
    func connectionHasRoom(_ connection: PushConnection)
    /// What the gateway knows of earlier streams with the key; nil where it knows of none. Told before lines may be
    /// sent.
    func connection(_ connection: PushConnection, knows known: KnownLines?)
    /// A text of the answer's stream.
    func connection(_ connection: PushConnection, received text: UnsafeBufferPointer<UInt8>)
    /// It is over, with or without its summary. Told once.
    func connectionEnded(_ connection: PushConnection, _ reason: PushEnd)
}

/// How a connection came to its end.
enum PushEnd: Equatable {
    /// The answer has come to its end.
    case answered
    /// The gateway took no stream: the answer's status, and the problem's detail or what stands for it.
    case refused(status: Int, detail: String)
    /// It could not be made, or broke.
    case broken(reason: String)
    /// Not to be made by trying again: a certificate that is not trusted.
    case untrusted(reason: String)
}

/// One HTTP/2 connection to a gateway with one stream of lines on it: sends and reads at the same time.
///
/// With a key it asks first what the gateway knows of it, and begins when no other stream with the key is under way.
/// Verifies the gateway's certificate, always. Credit is given for what has been read as it is read: results are
/// handled at once. Confined to its event loop.
final class PushConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let target: PushTarget
    private let key: String?
    private let scratch: TLSScratchBuffer
    private let storage = HTTP2SessionStorage()
    /// Given up with the end.
    private var delegate: (any PushConnectionDelegate)?
    private var session: HTTP2Session?
    private var context: ChannelHandlerContext?
    /// Of the inquiry, later of the lines.
    private var streamID: Int32 = 0
    private var isInquiring = false
    private var inquiryAgain: Scheduled<Void>?
    private var status: Int?
    private var refusal: [UInt8] = []
    private var results = JSONLineReader(.lines, bytesMax: 4 << 20)
    private var isFlushing = false
    private var needsFlush = false
    private var hasSentEnd = false
    /// A gateway without a word for so long is gone. It says something every second while a target is waited for.
    private var pings = 0
    private var heardAt = NIODeadline.now()
    private var watch: RepeatedTask?

    /// What is handed over and not out: enough to keep the network busy, and little to be sent again.
    static let unsentBytesMax = 32 << 10
    private static let refusalBytesMax = 64 << 10
    private static let writeBytesMax = 256 << 10
    private static let connectSeconds: Int64 = 10
    /// An inquiry is made again so often while another stream is under way.
    private static let inquiryPause = TimeAmount.milliseconds(250)
    /// As many open lines as a gateway tells of take less.
    private static let inquiryBytesMax = 4 << 20
    private static let silenceSeconds: Int64 = 30

    /// - Parameter key: of the stream; visible ASCII characters that mean nothing in a path.
    init(to target: PushTarget, key: String?, delegate: any PushConnectionDelegate) {
        self.target = target
        self.key = key
        self.delegate = delegate
        self.scratch = TLSScratchBuffer()
    }

    /// Connects, and tells the delegate when lines may be sent.
    func start(on eventLoop: any EventLoop) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        ClientBootstrap(group: eventLoop)
            .connectTimeout(.seconds(Self.connectSeconds))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try bound.value.install(on: channel) }
            }
            .connect(host: self.target.host, port: self.target.port)
            .whenFailure { bound.value.end(.broken(reason: bound.value.target.describe($0))) }
    }

    private func install(on channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        if let tls = self.target.tls {
            let connection = try TLSConnection(context: tls, serverName: self.target.host, sessions: nil)
            try pipeline.addHandler(TLSHandler(connection: connection, scratch: self.scratch))
        }
        try pipeline.addHandler(self)
    }

    // MARK: Lines

    /// Sends lines, each behind the other.
    func send(_ bytes: [UInt8]) {
        guard let session = self.session, !self.isInquiring, session.extendBody(of: self.streamID, by: bytes) else {
            return
        }
        self.flush()
    }

    /// Nothing more is sent; results still come. Where no line could be sent yet it ends at once.
    func sendEnd() {
        guard !self.hasSentEnd else { return }
        guard !self.isInquiring, let session = self.session else {
            return self.end(.broken(reason: "given up before it could begin"))
        }
        self.hasSentEnd = true
        _ = session.extendBody(of: self.streamID, by: [], isEnd: true)
        self.flush()
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func channelActive(context: ChannelHandlerContext) {
        if self.target.tls == nil { self.begin() }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSHandlerEvent, case .handshakeCompleted(let agreed, _) = event {
            if agreed == "h2" {
                self.begin()
            } else {
                self.end(.broken(reason: "the server does not speak HTTP/2"))
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let session = self.session else { return }
        self.heardAt = .now()
        self.pings = 0
        let buffer = self.unwrapInboundIn(data)
        do throws(HTTP2Error) {
            try buffer.withUnsafeReadableBytes { bytes throws(HTTP2Error) in
                try session.receive(bytes, now: NIODeadline.now().uptimeNanoseconds) { self.handle($0, session) }
            }
        } catch {
            self.end(.broken(reason: "\(error)"))
        }
        self.flush()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.flush()
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case TLSError.peerNotTrusted(let reason) = error {
            self.end(.untrusted(reason: reason))
        } else {
            self.end(.broken(reason: self.target.describe(error)))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.end(.broken(reason: "the connection was closed"))
        context.fireChannelInactive()
    }

    // MARK: HTTP/2

    private func begin() {
        guard self.session == nil, self.delegate != nil, let context = self.context else { return }
        do throws(HTTP2Error) {
            let session = try HTTP2Session(.client, storage: self.storage)
            self.session = session
            if let key = self.key {
                try self.inquire(about: key, session)
            } else {
                try self.beginLines(session)
            }
        } catch {
            self.end(.broken(reason: "\(error)"))
            return
        }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let pause = TimeAmount.seconds(Self.silenceSeconds / 3)
        self.watch = context.eventLoop.scheduleRepeatedTask(initialDelay: pause, delay: pause) { _ in
            bound.value.listen()
        }
        self.flush()
    }

    private func fields(_ method: StaticString, path: String) -> HTTP2FieldList {
        let fields = HTTP2FieldList()
        fields.append(":method", method)
        fields.append(":scheme", self.target.tls == nil ? "http" : "https")
        fields.append(":authority", self.target.authority)
        fields.append(":path", path)
        for field in self.target.fields { fields.append(name: field.name, value: field.value) }
        return fields
    }

    private func beginLines(_ session: HTTP2Session) throws(HTTP2Error) {
        self.isInquiring = false
        let fields = self.fields("POST", path: self.target.path)
        fields.append("content-type", "application/jsonl")
        fields.append("accept", "application/jsonl")
        if let key = self.key { fields.append("idempotency-key", key) }
        self.streamID = try session.submitOpenRequest(fields: fields)
    }

    private func inquire(about key: String, _ session: HTTP2Session) throws(HTTP2Error) {
        self.isInquiring = true
        let fields = self.fields("GET", path: self.target.inquiryPath + key)
        fields.append("accept", "application/json")
        self.streamID = try session.submitRequest(fields: fields, body: [])
    }

    /// The gateway has said what it knows, or why it does not.
    private func endOfInquiry(_ status: Int, _ body: [UInt8]) {
        guard let session = self.session else { return }
        self.status = nil
        self.refusal = []
        var known: KnownLines?
        switch status {
        case 200:
            known = KnownLines(body)
            guard let known else { return self.end(.broken(reason: "the gateway's answer about the key is none")) }
            guard !known.isUnderWay else {
                self.delegate?.connectionWaits(self)
                return self.inquireLater()
            }
        case 404: break
        default: return self.end(.refused(status: status, detail: Self.detail(of: body)))
        }
        self.delegate?.connection(self, knows: known)
        do throws(HTTP2Error) { try self.beginLines(session) } catch { self.end(.broken(reason: "\(error)")) }
        self.flush()
    }

    private func inquireLater() {
        guard let context = self.context, let key = self.key else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        self.inquiryAgain = context.eventLoop.scheduleTask(in: Self.inquiryPause) {
            let connection = bound.value
            guard let session = connection.session else { return }
            do throws(HTTP2Error) {
                try connection.inquire(about: key, session)
            } catch {
                connection.end(.broken(reason: "\(error)"))
            }
            connection.flush()
        }
    }

    /// Asks for a sign of life where none has come.
    private func listen() {
        guard let session = self.session, NIODeadline.now() - self.heardAt > .seconds(Self.silenceSeconds / 3) else {
            return
        }
        guard self.pings < 3 else {
            self.end(.broken(reason: "the gateway keeps silent"))
            return
        }
        self.pings += 1
        do throws(HTTP2Error) { try session.submitPing() } catch { self.end(.broken(reason: "\(error)")) }
        self.flush()
    }

    private func handle(_ event: HTTP2SessionEvent, _ session: HTTP2Session) {
        switch event {
        case .message(let streamID, let fields, let isEnd) where streamID == self.streamID:
            self.status = fields.status
            if isEnd { self.endOfAnswer() }
        case .data(let streamID, let bytes):
            if streamID == self.streamID { self.receive(bytes) }
            // Where the session is lost, the next read or write says so.
            try? session.consumeStream(streamID, bytes.count)
            try? session.consumeConnection(bytes.count)
        case .end(let streamID) where streamID == self.streamID:
            self.endOfAnswer()
        case .trailers(let streamID) where streamID == self.streamID:
            self.endOfAnswer()
        case .streamClosed(let streamID, let code, _) where streamID == self.streamID && !self.isInquiring:
            self.end(.broken(reason: "the gateway reset the stream (\(code))"))
        case .goAway(let last, let code) where last < self.streamID:
            self.end(.broken(reason: "the gateway takes no more streams (\(code))"))
        case .streamFailed, .requestNotSent, .oversizedFields:
            self.end(.broken(reason: "the gateway's answer is no HTTP/2"))
        case .interimResponse, .settings, .goAway, .pingAcknowledged, .message, .end, .trailers, .streamClosed:
            // Also of an inquiry that is over.
            break
        }
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) {
        guard self.status == 200, !self.isInquiring else {
            let bytesMax = self.isInquiring ? Self.inquiryBytesMax : Self.refusalBytesMax
            if self.refusal.count < bytesMax { self.refusal.append(contentsOf: bytes) }
            return
        }
        self.results.append(bytes)
        while let item = self.results.next() {
            guard case .text(_, let range) = item else { continue }
            self.results.withBytes(range) { self.delegate?.connection(self, received: $0) }
        }
    }

    private func endOfAnswer() {
        guard let status = self.status else { return }
        if self.isInquiring {
            self.endOfInquiry(status, self.refusal)
        } else if status == 200 {
            self.end(.answered)
        } else {
            self.end(.refused(status: status, detail: Self.detail(of: self.refusal)))
        }
    }

    /// What a problem document says, or the beginning of what there is in its place.
    private static func detail(of body: [UInt8]) -> String {
        let tape = JSONTape()
        return body.withUnsafeBufferPointer { bytes in
            if let view = try? tape.parse(bytes, limits: .exchange), let detail = view.member("detail", of: 0),
                view[detail].kind == .string
            {
                return view.string(view[detail])
            }
            return String(decoding: bytes.prefix(200), as: UTF8.self)
        }
    }

    private func flush() {
        guard !self.isFlushing else {
            self.needsFlush = true
            return
        }
        self.isFlushing = true
        defer { self.isFlushing = false }
        repeat {
            self.needsFlush = false
            guard let session = self.session, let context = self.context, context.channel.isWritable else { return }
            var buffer = context.channel.allocator.buffer(capacity: 16 << 10)
            do throws(HTTP2Error) {
                if try session.writeOutput(into: &buffer, maximum: Self.writeBytesMax) { self.needsFlush = true }
            } catch {
                self.end(.broken(reason: "\(error)"))
                return
            }
            if buffer.readableBytes > 0 { context.writeAndFlush(self.wrapOutboundOut(buffer), promise: nil) }
            session.deliverPending { self.handle($0, session) }
            if !self.hasSentEnd, !self.isInquiring, session.unsentBytes(of: self.streamID) < Self.unsentBytesMax / 2 {
                self.delegate?.connectionHasRoom(self)
            }
        } while self.needsFlush
    }

    /// Whether more may be handed over.
    var hasRoom: Bool {
        guard let session = self.session, !self.hasSentEnd, !self.isInquiring else { return false }
        return session.unsentBytes(of: self.streamID) < Self.unsentBytesMax
    }

    private func end(_ reason: PushEnd) {
        guard let delegate = self.delegate else { return }
        self.delegate = nil
        self.watch?.cancel()
        self.inquiryAgain?.cancel()
        self.session = nil
        self.context?.close(promise: nil)
        self.context = nil
        delegate.connectionEnded(self, reason)
    }
}
