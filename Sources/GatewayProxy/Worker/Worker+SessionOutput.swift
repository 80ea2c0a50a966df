import GatewayHTTP2
import NIOCore

extension Worker {
    /// Written in one go: several TLS records, and no more than a socket buffer takes at once.
    private static let writeBytesMax = 256 * 1024

    /// Writes what an HTTP/2 session has to send, in one write, through the worker's buffer.
    ///
    /// What that brings to light waits in the session (`deliverPending`).
    ///
    /// - Returns: how many bytes went out, and whether there is more.
    @inline(__always)
    func write(
        _ session: HTTP2Session, to context: ChannelHandlerContext
    ) throws(HTTP2Error) -> (count: Int, hasMore: Bool) {
        var buffer = self.takeOutputBuffer()
        let hasMore = try session.writeOutput(into: &buffer, maximum: Self.writeBytesMax)
        let count = buffer.readableBytes
        if count > 0 { context.writeAndFlush(NIOAny(buffer), promise: nil) }
        self.giveBackOutputBuffer(buffer)
        return (count, hasMore)
    }
}
