import GatewayTLS
import NIOCore

/// Why a command brought no reply.
struct RedisFailure: Error, Equatable {
    let reason: String
    /// The command never left: another server, or a later moment, may take it.
    var wasSent = true
}

/// One connection to one server: commands go out pipelined, replies come back in their order.
///
/// Ready when the server has taken the greeting (user, database). Any breach of the protocol ends it, and so does a
/// server that does not answer. Confined to its event loop.
final class RedisConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    typealias Take = (Result<RedisReply, RedisFailure>) -> Void

    private struct Pending {
        let take: Take
        let sentAt: NIODeadline
    }

    private let reader: RedisReader
    private var context: ChannelHandlerContext?
    private var pending: CircularBuffer<Pending> = []
    private var output = ByteBuffer()
    private var isFlushing = false
    private var failure: RedisFailure?
    private var watch: RepeatedTask?
    private let onClose: (RedisFailure) -> Void

    /// Commands that wait for their replies: some milliseconds' worth of a busy worker.
    static let pendingMax = 20_000
    /// A server that takes so long is stuck, or is gone without a word. Requests have been refused long before.
    private static let silence = TimeAmount.seconds(2)

    init(onClose: @escaping (RedisFailure) -> Void) throws(RedisProtocolError) {
        self.reader = try RedisReader()
        self.onClose = onClose
    }

    /// - Parameter take: told once, never within the call.
    func send(_ command: RedisCommand, take: @escaping Take) -> Bool {
        guard let context = self.context, self.failure == nil, self.pending.count < Self.pendingMax else {
            return false
        }
        command.write(to: &self.output)
        self.pending.append(Pending(take: take, sentAt: .now()))
        // All commands of a tick leave in one write.
        if !self.isFlushing {
            self.isFlushing = true
            let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
            context.eventLoop.execute { bound.value.flush() }
        }
        return true
    }

    private func flush() {
        self.isFlushing = false
        guard let context = self.context, self.output.readableBytes > 0 else { return }
        let output = self.output
        self.output = ByteBuffer()
        context.writeAndFlush(self.wrapOutboundOut(output), promise: nil)
    }

    func close(because reason: String) {
        self.fail(RedisFailure(reason: reason))
    }

    // MARK: Handler

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        self.watch = context.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            bound.value.look()
        }
    }

    func handlerRemoved(context _: ChannelHandlerContext) {
        self.context = nil
        self.watch?.cancel()
    }

    func channelRead(context _: ChannelHandlerContext, data: NIOAny) {
        let buffer = self.unwrapInboundIn(data)
        do throws(RedisProtocolError) {
            try self.read(buffer)
        } catch {
            self.fail(RedisFailure(reason: "it speaks another protocol: \(error.reason)"))
        }
    }

    private func read(_ buffer: ByteBuffer) throws(RedisProtocolError) {
        let fed = buffer.withUnsafeReadableBytes { bytes -> RedisProtocolError? in
            do throws(RedisProtocolError) {
                try self.reader.feed(bytes)
                return nil
            } catch {
                return error
            }
        }
        if let fed { throw fed }
        while let reply = try self.reader.next() {
            guard let pending = self.pending.popFirst() else {
                throw RedisProtocolError(reason: "a reply to nothing")
            }
            pending.take(.success(reply))
            if self.failure != nil { return }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.fail(RedisFailure(reason: "the connection was closed"))
        context.fireChannelInactive()
    }

    func errorCaught(context _: ChannelHandlerContext, error: any Error) {
        self.fail(RedisFailure(reason: "\(error)"))
    }

    private func look() {
        guard let first = self.pending.first, NIODeadline.now() - first.sentAt > Self.silence else { return }
        self.fail(RedisFailure(reason: "it does not answer"))
    }

    private func fail(_ failure: RedisFailure) {
        guard self.failure == nil else { return }
        self.failure = failure
        self.watch?.cancel()
        let pending = self.pending
        self.pending = []
        self.context?.close(promise: nil)
        for each in pending { each.take(.failure(failure)) }
        self.onClose(failure)
    }
}
