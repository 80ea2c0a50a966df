import GatewayHTTP2
import NIOCore

extension HTTP2CallerConnection: Flushable {
    /// Says what is held of answers that are not read: by the session, and where the socket takes no more, by the
    /// channel.
    func countMemory() {
        var buffered = 0
        if let channel = self.context?.channel, !channel.isWritable {
            buffered = (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        }
        self.memory.set(self.unreadBytes + buffered)
    }

    /// Writes what the session has to send, in one write.
    func flush() {
        self.isDirty = false
        guard let session = self.session, let context = self.context else { return }
        // The caller reads slower than we write: go on when the socket has taken what it has.
        guard context.channel.isWritable else { return }
        do throws(HTTP2Error) {
            let (count, hasMore) = try self.environment.storage.write(session, to: context)
            self.traffic.sent(count)
            self.sentBytes += count
            if !context.channel.isWritable { self.countMemory() }
            session.deliverPending { self.handle($0, session: session) }
            self.openAnswers?.written(session, of: self)
            if hasMore {
                self.markDirty()
            } else if self.closesWhenWritten || !session.isAlive {
                // Behind everything else in the socket's queue: its promise says that all of it has gone out.
                let written = context.eventLoop.makePromise(of: Void.self)
                context.writeAndFlush(self.wrapOutboundOut(ByteBuffer()), promise: written)
                written.futureResult.assumeIsolated().whenComplete { _ in self.closeOutput() }
            }
        } catch {
            self.close()
        }
    }
}
