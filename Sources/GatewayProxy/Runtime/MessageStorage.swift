import GatewayHTTP
import GatewayHTTP2
import NIOCore

/// The storage that the connections of one event loop share: each uses it within a call and leaves nothing in it.
///
/// Confined to its event loop.
final class MessageStorage {
    /// What the event loop takes of the process's memory.
    let memory: LoopMemory
    /// What libnghttp2 has of it.
    private var sessionMemory: MemoryShare
    let http2Sessions = HTTP2SessionStorage()
    /// Where fields are written before they are submitted.
    let http2Fields = HTTP2FieldList()
    let http1Writer = HTTP1MessageWriter()
    private var output = ByteBuffer()

    init(memory: LoopMemory = LoopMemory()) {
        self.memory = memory
        self.sessionMemory = MemoryShare(of: memory)
    }

    /// Takes note of what libnghttp2 holds by now.
    @inline(__always)
    func countSessions() {
        self.sessionMemory.set(self.http2Sessions.heldBytes)
    }

    /// Where received fields are kept while they are delivered, those of HTTP/1.1 too.
    var receivedFields: FieldStore { self.http2Sessions.fields }

    /// Written in one go: several TLS records, and no more than a socket buffer takes at once.
    private static let writeBytesMax = 256 * 1024

    /// Writes what a session has to send, in one write.
    ///
    /// What that brings to light waits in the session (`deliverPending`).
    ///
    /// - Returns: how many bytes went out, and whether there is more.
    @inline(__always)
    func write(
        _ session: HTTP2Session, to context: ChannelHandlerContext
    ) throws(HTTP2Error) -> (count: Int, hasMore: Bool) {
        var buffer = ByteBuffer()
        swap(&buffer, &self.output)
        let hasMore = try session.writeOutput(into: &buffer, maximum: Self.writeBytesMax)
        self.countSessions()
        let count = buffer.readableBytes
        if count > 0 { context.writeAndFlush(NIOAny(buffer), promise: nil) }
        buffer.clear()
        self.output = buffer
        return (count, hasMore)
    }
}
