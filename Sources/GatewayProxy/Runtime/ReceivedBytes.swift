import NIOCore

/// Stands before an HTTP/1.1 connection's decoder and tells of every byte that comes, whole message or not.
///
/// Confined to its connection's event loop.
final class ReceivedBytes: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let received: (Int) -> Void
    private let decoded: () -> Void

    /// - Parameters:
    ///   - decoded: told when the decoder has taken what it could of them.
    ///   - received: told how many bytes have come, before the decoder has them.
    init(decoded: @escaping () -> Void = {}, _ received: @escaping (Int) -> Void) {
        self.received = received
        self.decoded = decoded
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.received(self.unwrapInboundIn(data).readableBytes)
        context.fireChannelRead(data)
        self.decoded()
    }
}
