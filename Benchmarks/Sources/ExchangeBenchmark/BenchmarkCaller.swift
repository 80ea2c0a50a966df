import GatewayHTTP2
import GatewayTLS
import NIOCore
import NIOPosix

/// The callers of the benchmark: connections with HTTP/2 over TLS on one thread, each of which sends a round of
/// updates in one write, waits for all their answers, and sends the next.
struct BenchmarkCaller {
    /// What every caller sends, and what it wants to see.
    struct Job {
        var path: String
        var body: [UInt8]
        var expectedStatus: Int
        var streams: Int
        /// Each request has an idempotency key of its own.
        var hasKeys = false
        /// The updates are lines of one stream.
        var isBulk = false
        /// What the caller proves itself with: a field, or a certificate.
        var authorization: String?
        var identity: (certificateChain: [UInt8], privateKey: [UInt8])?
    }

    private let group: MultiThreadedEventLoopGroup
    private let connections: [NIOLoopBound<CallerConnection>]

    static func connect(_ count: Int, port: Int, authority: [UInt8], job: Job) throws -> BenchmarkCaller {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        try loop.submit { BenchmarkThread.leaveOut() }.wait()
        let tls = try TLSContext.client(authorities: authority, identity: job.identity)
        let connections = try (0..<count).map { _ in
            let ready = loop.makePromise(of: Void.self)
            let connection = try loop.submit {
                NIOLoopBound(try CallerConnection(job: job, ready: ready), eventLoop: loop)
            }.wait()
            _ = try ClientBootstrap(group: group)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let connectionTLS = try TLSConnection(context: tls, serverName: "localhost")
                        try channel.pipeline.syncOperations.addHandlers([
                            TLSHandler(connection: connectionTLS, scratch: TLSScratchBuffer()), connection.value,
                        ])
                    }
                }
                .connect(host: "127.0.0.1", port: port).wait()
            try ready.futureResult.wait()
            return connection
        }
        return BenchmarkCaller(group: group, connections: connections)
    }

    /// Has every connection send `rounds` rounds; an answer that is not the expected one ends the run.
    func run(rounds: Int) throws {
        let loop = self.group.next()
        let done = try self.connections.map { connection in
            let promise = loop.makePromise(of: Void.self)
            try loop.submit { connection.value.start(rounds: rounds, done: promise) }.wait()
            return promise.futureResult
        }
        try EventLoopFuture.andAllSucceed(done, on: loop).wait()
    }

    func stop() throws {
        try self.group.syncShutdownGracefully()
    }
}

/// An answer that was not the expected one.
struct UnexpectedAnswer: Error {
    let status: Int?
    let body: String
}

private final class CallerConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let job: BenchmarkCaller.Job
    private let ready: EventLoopPromise<Void>
    private let fields = HTTP2FieldList()
    private let session: HTTP2Session
    private var context: ChannelHandlerContext?
    private var roundsLeft = 0
    /// Tells the keys of this connection from those of the others.
    private let number = UInt32.random(in: 0...UInt32.max)
    private var keysUsed = 0
    private var open = 0
    /// Of the answer that is being read.
    private var status: Int?
    private var done: EventLoopPromise<Void>?
    /// The stream of lines.
    private var bulk: Int32 = 0
    private var product = 0

    init(job: BenchmarkCaller.Job, ready: EventLoopPromise<Void>) throws {
        self.job = job
        self.ready = ready
        var limits = HTTP2Limits()
        limits.streamWindowBytes = 1 << 20
        limits.connectionWindowBytes = 1 << 24
        self.session = try HTTP2Session(.client, limits: limits, storage: HTTP2SessionStorage())
        self.fields.append(":method", job.isBulk ? "POST" : "PUT")
        self.fields.append(":scheme", "https")
        self.fields.append(":authority", "localhost")
        self.fields.append(":path", job.path)
        self.fields.append("user-agent", "benchmark")
        self.fields.append("accept", "application/json")
        if let authorization = job.authorization { self.fields.append("authorization", authorization) }
        self.fields.append("content-type", job.isBulk ? "application/jsonl" : "application/json")
        if !job.isBulk { self.fields.append("content-length", decimal: job.body.count) }
    }

    /// The same with a key that was not used before.
    private func fieldsWithKey() -> HTTP2FieldList {
        let fields = HTTP2FieldList()
        fields.append(":method", "PUT")
        fields.append(":scheme", "https")
        fields.append(":authority", "localhost")
        fields.append(":path", self.job.path)
        fields.append("user-agent", "benchmark")
        fields.append("accept", "application/json")
        fields.append("content-type", "application/json")
        fields.append("content-length", decimal: self.job.body.count)
        self.keysUsed += 1
        fields.append(
            "idempotency-key", "8e03978e-40d5-43dd-bc93-\(self.keysUsed + 100_000_000_000)-\(self.number)",
            isSensitive: true)
        return fields
    }

    func start(rounds: Int, done: EventLoopPromise<Void>) {
        self.roundsLeft = rounds
        self.done = done
        self.sendRound()
        if let context = self.context { self.write(context) }
    }

    private func sendRound() {
        guard self.roundsLeft > 0 else {
            self.done?.succeed()
            self.done = nil
            return
        }
        self.roundsLeft -= 1
        self.open = self.job.streams
        if self.job.isBulk {
            if self.bulk == 0 { self.bulk = (try? self.session.submitOpenRequest(fields: self.fields)) ?? 0 }
            _ = self.session.extendBody(of: self.bulk, by: self.lines())
            return
        }
        for _ in 0..<self.job.streams {
            _ = try? self.session.submitRequest(
                fields: self.job.hasKeys ? self.fieldsWithKey() : self.fields, body: self.job.body)
        }
    }

    /// A line for each of the round's updates, each of a product of its own.
    private func lines() -> [UInt8] {
        var lines: [UInt8] = []
        for _ in 0..<self.job.streams {
            self.product = (self.product + 1) % 900
            // Three digits, so that each id is as long as another.
            lines += Array("{\"id\":\"5d8f7c1e-6a0b-4f8f-9f55-1b7e3a6c2\(self.product + 100)\",\"product\":".utf8)
            lines += self.job.body
            lines += Array("}\n".utf8)
        }
        return lines
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is TLSHandlerEvent {
            self.write(context)
            self.ready.succeed()
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = self.unwrapInboundIn(data)
        do {
            try buffer.withUnsafeReadableBytes { bytes in
                try self.session.receive(bytes, now: NIODeadline.now().uptimeNanoseconds) { event in
                    self.handle(event)
                }
            }
        } catch {
            self.fail(error)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.write(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.fail(error)
        context.close(promise: nil)
    }

    private func fail(_ error: any Error) {
        self.ready.fail(error)
        self.done?.fail(error)
        self.done = nil
    }

    private func handle(_ event: HTTP2SessionEvent) {
        switch event {
        case .message(_, let fields, _):
            self.status = fields.status
        case .data(let streamID, let bytes):
            if self.status != self.job.expectedStatus {
                self.fail(UnexpectedAnswer(status: self.status, body: String(decoding: bytes, as: UTF8.self)))
            }
            try? self.session.consumeConnection(bytes.count)
            try? self.session.consumeStream(streamID, bytes.count)
            guard self.job.isBulk else { return }
            // A result each, and nothing else while all goes well.
            let text = String(decoding: bytes, as: UTF8.self)
            if text.contains("\"code\":") { self.fail(UnexpectedAnswer(status: self.status, body: text)) }
            self.open -= bytes.count { $0 == UInt8(ascii: "\n") }
            if self.open == 0 { self.sendRound() }
        case .streamClosed where self.job.isBulk: break
        case .streamClosed:
            self.open -= 1
            if self.open == 0 { self.sendRound() }
        default:
            break
        }
    }

    private func write(_ context: ChannelHandlerContext) {
        var buffer = context.channel.allocator.buffer(capacity: 64 * 1024)
        while (try? self.session.writeOutput(into: &buffer, maximum: 1 << 20)) == true {}
        self.session.deliverPending { self.handle($0) }
        if buffer.readableBytes > 0 { context.writeAndFlush(self.wrapOutboundOut(buffer), promise: nil) }
    }
}
