import NIOCore

/// Stands before TLS until a caller has said something. One that speaks HTTP without TLS is told so in a sentence, in
/// the version that it speaks, instead of by an alert that it cannot read; everything else goes on to TLS.
///
/// Answers at most once, with a text that is always the same, whoever asks. Confined to its channel's event loop.
final class PlaintextRefusal: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Told to the handlers behind this one when a caller has been refused; the channel's end is theirs.
    struct Refused {}

    /// A request line that is not over by then counts as one.
    private let bytesMax: Int
    private var received = ByteBuffer()
    private var isRefused = false

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // What still comes is thrown away.
        guard !self.isRefused else { return }
        var buffer = self.unwrapInboundIn(data)
        if self.received.readableBytes == 0 {
            self.received = buffer
        } else {
            self.received.writeBuffer(&buffer)
        }
        switch self.received.withUnsafeReadableBytes({ FirstBytes.find($0, bytesMax: self.bytesMax) }) {
        case .undecided: break
        case .http1: self.refuse(with: Self.http1, context: context)
        case .http2: self.refuse(with: Self.http2, context: context)
        case .tls, .unknown: self.passOn(context: context)
        }
    }

    private func passOn(context: ChannelHandlerContext) {
        let received = self.received
        self.received = ByteBuffer()
        context.fireChannelRead(self.wrapInboundOut(received))
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func refuse(with answer: [UInt8], context: ChannelHandlerContext) {
        self.isRefused = true
        self.received = ByteBuffer()
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(bytes: answer)), promise: nil)
        // Ours first, the caller's after it: a socket that is closed with bytes unread takes the answer back.
        context.close(mode: .output, promise: nil)
        context.fireUserInboundEventTriggered(Refused())
    }

    private static let sentence = "This port speaks TLS: use https:// instead of http://.\n"

    private static let http1 = Array(
        """
        HTTP/1.1 400 Bad Request\r
        content-type: text/plain; charset=utf-8\r
        content-length: \(sentence.utf8.count)\r
        connection: close\r
        \r
        \(sentence)
        """.utf8)

    /// SETTINGS, which must come first, and GOAWAY with INADEQUATE_SECURITY and the sentence (RFC 9113 sections 3.4 and
    /// 6.8).
    private static let http2: [UInt8] = {
        let text = Array(sentence.utf8)
        let settings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]
        let goAway: [UInt8] = [0, 0, UInt8(8 + text.count), 7, 0, 0, 0, 0, 0]
        return settings + goAway + [0, 0, 0, 0] + [0, 0, 0, 0xC] + text
    }()
}
