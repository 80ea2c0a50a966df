import NIOCore

/// Stands first in a connection's pipeline where trusted balancers say in a PROXY header where it comes from.
///
/// Of a peer that is trusted the header is taken away and what it says told by `Source`; one that does not begin with a
/// header is cut off, because nobody could say whose it is. Bytes of any other peer go on as they are: a header among
/// them is nothing that the handlers behind this one understand. Confined to its channel's event loop.
final class ProxyHeaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Told to the handlers behind this one, before any byte.
    struct Source: Sendable {
        let address: String
    }

    struct Malformed: Error, CustomStringConvertible {
        let description = "a trusted balancer's connection does not begin with a PROXY header"
    }

    private let trusted: TrustedProxies
    private var received = ByteBuffer()
    private var hasFailed = false

    init(trusted: TrustedProxies) {
        self.trusted = trusted
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.hasFailed else { return }
        var buffer = self.unwrapInboundIn(data)
        if self.received.readableBytes == 0 {
            self.received = buffer
        } else {
            self.received.writeBuffer(&buffer)
        }
        guard let peer = context.remoteAddress?.ipAddress, self.trusted.contain(peer) else {
            self.passOn(context: context)
            return
        }
        switch self.received.withUnsafeReadableBytes({ ProxyHeader.read($0) }) {
        case .undecided:
            break
        case .malformed:
            self.hasFailed = true
            self.received = ByteBuffer()
            context.fireErrorCaught(Malformed())
            context.close(promise: nil)
        case .header(let byteCount, let source):
            self.received.moveReaderIndex(forwardBy: byteCount)
            if let source { context.fireUserInboundEventTriggered(Source(address: source.text)) }
            self.passOn(context: context)
        }
    }

    private func passOn(context: ChannelHandlerContext) {
        let received = self.received
        self.received = ByteBuffer()
        if received.readableBytes > 0 {
            context.fireChannelRead(self.wrapInboundOut(received))
            context.fireChannelReadComplete()
        }
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
}
