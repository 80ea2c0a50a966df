import NIOCore

/// Tells the handlers behind it that something has come, which an HTTP decoder keeps to itself until a head is whole.
final class BytesArrived: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    struct Event: Sendable {}

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.fireUserInboundEventTriggered(Event())
        context.fireChannelRead(data)
    }
}
