package import NIOCore

/// Carries one `TLSConnection` in a channel's pipeline: ciphertext on the socket's side, plaintext on the other.
///
/// Fires `TLSHandlerEvent.handshakeCompleted` before the first plaintext. Errors are fired once, as `TLSError`, and
/// the channel is closed after them. Plaintext written before the handshake is over fails: nothing above may speak
/// before it knows the protocol. Confined to its channel's event loop.
package final class TLSHandler: ChannelDuplexHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    private enum State { case handshaking, established, closed }

    private let connection: TLSConnection
    private let scratch: TLSScratchBuffer
    private var state: State = .handshaking
    /// Bytes that the peer has made TLS itself answer while it does not read.
    private var unreadAnswerBytes = 0

    /// A peer that asks for new keys does so now and then; each time costs it as many bytes as it makes us keep.
    private static let unreadAnswerBytesMax = 64 * 1024

    /// Plaintext handed up in one read: enough that a whole socket read (64 KiB) is one step above, and a bound on
    /// what a peer can make us decrypt before anyone looks at it.
    private static let plaintextBytesMax = 128 * 1024

    package init(connection: TLSConnection, scratch: TLSScratchBuffer) {
        self.connection = connection
        self.scratch = scratch
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { self.continueHandshake(context: context) }
    }

    package func channelActive(context: ChannelHandlerContext) {
        self.continueHandshake(context: context)
        context.fireChannelActive()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard self.state != .closed else { return }
        self.connection.receive(self.unwrapInboundIn(data))
        if self.state == .handshaking {
            self.continueHandshake(context: context)
        }
        if self.state == .established {
            self.readPlaintext(context: context)
        }
    }

    package func channelInactive(context: ChannelHandlerContext) {
        if self.state == .handshaking {
            self.state = .closed
            context.fireErrorCaught(TLSError.closedDuringHandshake)
        }
        self.state = .closed
        context.fireChannelInactive()
    }

    package func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        guard self.state == .established else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        let plaintext = self.unwrapOutboundIn(data)
        let result = plaintext.withUnsafeReadableBytes { self.connection.write($0) }
        switch result {
        case .complete:
            // An empty write keeps its place in the queue: its promise tells when all before it has gone out.
            context.write(
                self.wrapOutboundOut(self.connection.takeOutput() ?? ByteBuffer()), promise: promise)
        case .needsInput, .closedByPeer:
            // Only a renegotiation makes a write need input, and those are off.
            promise?.fail(ChannelError.ioOnClosedChannel)
            self.fail(.connectionFailed(OpenSSLErrors(reasons: [])), context: context)
        case .failed(let error):
            promise?.fail(error)
            self.fail(error, context: context)
        }
    }

    package func close(
        context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?
    ) {
        if self.state == .established {
            self.state = .closed
            self.connection.shutdown()
            self.flushOutput(context: context)
        }
        context.close(mode: mode, promise: promise)
    }

    private func continueHandshake(context: ChannelHandlerContext) {
        guard self.state == .handshaking else { return }
        switch self.connection.handshake() {
        case .complete:
            self.state = .established
            self.flushOutput(context: context)
            if self.connection.asksForCertificates, let certificate = self.connection.peerCertificate {
                context.fireUserInboundEventTriggered(TLSHandlerEvent.peerCertificate(certificate))
            }
            context.fireUserInboundEventTriggered(
                TLSHandlerEvent.handshakeCompleted(
                    applicationProtocol: self.connection.applicationProtocol,
                    isResumed: self.connection.isResumed))
        case .needsInput:
            self.flushOutput(context: context)
        case .closedByPeer:
            self.fail(.closedDuringHandshake, context: context)
        case .failed(let error):
            self.fail(error, context: context)
        }
    }

    private func readPlaintext(context: ChannelHandlerContext) {
        while self.state == .established {
            var plaintext = self.scratch.take()
            let result = self.connection.read(into: &plaintext, maximum: Self.plaintextBytesMax)
            if plaintext.readableBytes > 0 {
                context.fireChannelRead(self.wrapInboundOut(plaintext))
            }
            self.scratch.giveBack(plaintext)
            switch result {
            case .complete:
                continue
            case .needsInput:
                self.flushAnswers(context: context)
                return
            case .closedByPeer:
                self.connection.shutdown()
                self.flushOutput(context: context)
                self.state = .closed
                context.fireUserInboundEventTriggered(TLSHandlerEvent.closedByPeer)
                context.close(promise: nil)
            case .failed(let error):
                self.fail(error, context: context)
            }
        }
    }

    /// A TLS 1.3 peer may ask for new keys (RFC 8446 section 4.6.3), a TLS 1.2 peer for another handshake, and OpenSSL
    /// has answered by now. A peer that asks on and on and reads none of the answers is cut off.
    private func flushAnswers(context: ChannelHandlerContext) {
        guard let answers = self.connection.takeOutput() else { return }
        self.unreadAnswerBytes = context.channel.isWritable ? 0 : self.unreadAnswerBytes + answers.readableBytes
        guard self.unreadAnswerBytes <= Self.unreadAnswerBytesMax else {
            self.fail(.connectionFailed(OpenSSLErrors(reasons: ["too many requests for new keys"])), context: context)
            return
        }
        context.writeAndFlush(self.wrapOutboundOut(answers), promise: nil)
    }

    private func flushOutput(context: ChannelHandlerContext) {
        guard let ciphertext = self.connection.takeOutput() else { return }
        context.writeAndFlush(self.wrapOutboundOut(ciphertext), promise: nil)
    }

    private func fail(_ error: TLSError, context: ChannelHandlerContext) {
        guard self.state != .closed else { return }
        self.state = .closed
        // What OpenSSL has to say to the peer, an alert, goes out first.
        self.flushOutput(context: context)
        context.fireErrorCaught(error)
        context.close(promise: nil)
    }
}

/// What `TLSHandler` tells the handlers above it.
package enum TLSHandlerEvent: Sendable, Equatable {
    /// A server's client has shown this certificate (DER), which is verified; comes before the next.
    case peerCertificate([UInt8])
    /// The connection is ready; `applicationProtocol` is what ALPN agreed on, if it was used.
    case handshakeCompleted(applicationProtocol: String?, isResumed: Bool)
    /// The peer has said that it closes (`close_notify`), so that nothing was cut off; the channel closes next.
    case closedByPeer
}

/// The buffer that the TLS connections of one event loop decrypt into, one after the other.
///
/// Handlers above must be done with a plaintext buffer when `channelRead` returns, or it is simply not reused.
/// Confined to one event loop.
package final class TLSScratchBuffer {
    private var buffer = ByteBuffer()

    package init() {}

    func take() -> ByteBuffer {
        var taken = ByteBuffer()
        swap(&taken, &self.buffer)
        return taken
    }

    func giveBack(_ buffer: consuming ByteBuffer) {
        buffer.clear()
        self.buffer = buffer
    }
}
