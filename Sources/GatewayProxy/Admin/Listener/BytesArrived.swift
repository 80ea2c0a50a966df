import NIOCore

/// Tells later handlers that bytes have been received. NIO's HTTP decoder does not, until a head is complete.
final class BytesArrived: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    struct Event: Sendable {}

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.fireUserInboundEventTriggered(Event())
        context.fireChannelRead(data)
    }
}
