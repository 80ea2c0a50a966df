import GatewayHTTP2
import NIOCore
import NIOPosix

/// The vendor of the benchmark: an HTTP/2 server without TLS on one thread, which reads each request to its end and
/// gives every one the same answer, with the id of its product.
struct BenchmarkVendor {
    let port: Int
    private let group: MultiThreadedEventLoopGroup

    static func start(status: Int, answer: [UInt8]) throws -> BenchmarkVendor {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        try group.next().submit { BenchmarkThread.leaveOut() }.wait()
        let channel = try ServerBootstrap(group: group)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        VendorConnection(status: status, answer: answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        return BenchmarkVendor(port: channel.localAddress?.port ?? 0, group: group)
    }

    func stop() throws {
        try self.group.syncShutdownGracefully()
    }
}

private final class VendorConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let session: HTTP2Session
    private let fields = HTTP2FieldList()
    private let answer: [UInt8]
    /// Where the product's id is in the answer; nil where it has none.
    private let idStart: Int?
    /// Of requests whose end has not come.
    private var ids: [Int32: ArraySlice<UInt8>] = [:]

    init(status: Int, answer: [UInt8]) throws {
        var limits = HTTP2Limits()
        limits.streamsConcurrentMax = 1000
        limits.streamWindowBytes = 1 << 20
        limits.connectionWindowBytes = 1 << 24
        self.session = try HTTP2Session(.server, limits: limits, storage: HTTP2SessionStorage())
        self.answer = answer
        self.idStart = answer.firstRange(of: BenchmarkAnswer.productID)?.lowerBound
        self.fields.append(":status", decimal: status)
        self.fields.append("content-type", "application/json")
        self.fields.append("content-length", decimal: answer.count)
        self.fields.append("date", "Sun, 22 Nov 2026 10:00:00 GMT")
    }

    func channelActive(context: ChannelHandlerContext) {
        self.write(context)
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
            context.close(promise: nil)
        }
    }

    private func handle(_ event: HTTP2SessionEvent) {
        switch event {
        case .data(let streamID, let bytes):
            try? self.session.consumeConnection(bytes.count)
            try? self.session.consumeStream(streamID, bytes.count)
        case .message(let streamID, let fields, let isEnd):
            self.ids[streamID] = fields.first(.path).map { Array($0).suffix(BenchmarkAnswer.productID.count) }
            if isEnd { self.answer(streamID) }
        case .end(let streamID):
            self.answer(streamID)
        default:
            break
        }
    }

    private func answer(_ streamID: Int32) {
        var answer = self.answer
        if let id = self.ids.removeValue(forKey: streamID), let start = self.idStart {
            answer.replaceSubrange(start..<start + id.count, with: id)
        }
        try? self.session.submitResponse(streamID: streamID, fields: self.fields, body: answer)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.write(context)
    }

    private func write(_ context: ChannelHandlerContext) {
        var buffer = context.channel.allocator.buffer(capacity: 64 * 1024)
        while (try? self.session.writeOutput(into: &buffer, maximum: 1 << 20)) == true {}
        self.session.deliverPending { self.handle($0) }
        context.writeAndFlush(self.wrapOutboundOut(buffer), promise: nil)
    }
}
