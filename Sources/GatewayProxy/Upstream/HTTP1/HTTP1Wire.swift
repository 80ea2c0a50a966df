import GatewayMetrics
import NIOCore

/// Stands between HTTP/1.1's codec and the transport: counts the bytes of both directions, and makes one write of a
/// request's head and body, so that they leave in one TLS record and one segment where they fit.
///
/// Confined to its connection's event loop.
final class HTTP1Wire: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = ByteBuffer

    private let metrics: MetricShard
    private var pending = ByteBuffer()
    private var promises: [EventLoopPromise<Void>] = []

    init(metrics: MetricShard) {
        self.metrics = metrics
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.metrics.add(self.unwrapInboundIn(data).readableBytes, to: .upstreamReceivedBytes)
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch self.unwrapOutboundIn(data) {
        case .byteBuffer(var bytes):
            self.pending.writeBuffer(&bytes)
            if let promise { self.promises.append(promise) }
        case .fileRegion:
            promise?.fail(ChannelError.operationUnsupported)
        }
    }

    func flush(context: ChannelHandlerContext) {
        let promises = self.promises
        self.promises.removeAll()
        let bytes = self.pending
        self.pending = ByteBuffer()
        if bytes.readableBytes > 0 || !promises.isEmpty {
            self.metrics.add(bytes.readableBytes, to: .upstreamSentBytes)
            let promise = context.eventLoop.makePromise(of: Void.self)
            for waiting in promises { promise.futureResult.cascade(to: waiting) }
            context.write(self.wrapOutboundOut(bytes), promise: promise)
        }
        context.flush()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        for promise in self.promises { promise.fail(ChannelError.ioOnClosedChannel) }
        self.promises.removeAll()
    }
}
