import NIOCore

/// Stands before an HTTP/1.1 connection's decoder and tells the connection of every byte that comes, whole request or
/// not, before it is decoded and after.
///
/// Confined to its worker's event loop.
final class HTTP1Input: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Both are handlers of one channel, which lets go of them together.
    private unowned let connection: HTTP1CallerConnection

    init(connection: HTTP1CallerConnection) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.connection.bytesReceived(self.unwrapInboundIn(data).readableBytes)
        context.fireChannelRead(data)
        self.connection.bytesDecoded()
    }
}
