import NIOCore

/// Stands before an HTTP/1.1 connection's decoder and tells of every byte that comes, whole message or not.
///
/// Confined to its connection's event loop.
final class ReceivedBytes: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let received: (Int) -> Void

    /// - Parameter received: told how many bytes have come, before the decoder has them.
    init(_ received: @escaping (Int) -> Void) {
        self.received = received
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.received(self.unwrapInboundIn(data).readableBytes)
        context.fireChannelRead(data)
    }
}
