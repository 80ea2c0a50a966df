import GatewayIdentity
import GatewayTLS
import NIOCore

/// The beginning of a caller's connection: finds out which protocol it speaks and hands it over.
///
/// In TLS the two sides agree by ALPN (`h2` or `http/1.1`); where they do not use it, and without TLS, the first bytes
/// tell. Takes itself out of the pipeline then. A caller that has not said enough within `limits.handshakeTimeout` is
/// closed. Confined to its worker's event loop.
final class ProtocolChooser: Deadline, ChannelInboundHandler, RemovableChannelHandler, CallerConnection {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let environment: DownstreamEnvironment
    private let isTLS: Bool
    private var traffic: DownstreamTraffic
    private var context: ChannelHandlerContext?
    /// What has come and does not tell enough yet.
    private var received = ByteBuffer()
    private var isDraining = false
    /// What the caller has shown in the handshake.
    private var certificate: ShownCertificate?
    /// Where a trusted balancer says that the connection comes from.
    private var source: String?
    /// The caller has been told that it is wrong here: nothing that it says is heard any more.
    private var isLingering = false
    /// The connection is handed over: nothing of what follows concerns this handler.
    private var hasChosen = false

    /// Some round trips: how long a caller that has just connected may take to speak while the gateway stops.
    static let firstWordsNanoseconds: UInt64 = 1_000_000_000
    /// A round trip to the other side of the world, and back: how long a caller that is wrong here may take to hear it.
    private static let lingerNanoseconds: UInt64 = 2_000_000_000

    init(environment: DownstreamEnvironment, isTLS: Bool) {
        self.environment = environment
        self.isTLS = isTLS
        self.traffic = DownstreamTraffic(metrics: environment.metrics, startedAt: environment.clock.now(), isTLS: isTLS)
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.environment.connectionOpened(self)
        self.environment.deadlines.schedule(self, in: self.environment.limits.handshakeTimeoutNanoseconds)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.transportClosed()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.transportClosed()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSHandlerEvent, case .peerCertificate(let der) = event {
            self.certificate = PeerCertificate(der: der).map(ShownCertificate.init)
        } else if let event = event as? TLSHandlerEvent, case .handshakeCompleted(let agreed, let isResumed) = event {
            self.traffic.handshakeCompleted(now: self.environment.clock.now(), isResumed: isResumed)
            switch agreed {
            case "h2": self.choose(.http2)
            case "http/1.1": self.choose(.http1)
            default: break
            }
        } else if let event = event as? ProxyHeaderHandler.Source {
            self.source = event.address
        } else if event is PlaintextRefusal.Refused {
            self.traffic.spokePlaintext()
            self.environment.logger.debug(
                "a caller speaks HTTP without TLS to a listener with it",
                metadata: ["caller": "\(context.channel.remoteAddress?.ipAddress ?? "")"])
            self.isLingering = true
            self.environment.deadlines.schedule(self, in: Self.lingerNanoseconds)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.hasChosen else {
            context.fireChannelRead(data)
            return
        }
        guard !self.isLingering else { return }
        var buffer = self.unwrapInboundIn(data)
        if self.received.readableBytes == 0 {
            self.received = buffer
        } else {
            self.received.writeBuffer(&buffer)
        }
        let finding = self.received.withUnsafeReadableBytes {
            FirstBytes.find($0, bytesMax: self.environment.limits.fieldSectionBytesMax)
        }
        switch finding {
        // What we do not know HTTP/2's engine refuses, as it has to (RFC 9113 section 3.4).
        case .http2, .unknown: self.choose(.http2)
        case .http1: self.choose(.http1)
        case .tls: self.refuseTLS(context: context)
        case .undecided: break
        }
    }

    /// A fatal alert, `handshake_failure`, as TLS of every version reads it (RFC 8446 section 6): without TLS of our
    /// own there are no words that such a caller would show to anybody.
    private static let handshakeFailure: [UInt8] = [21, 3, 3, 0, 2, 2, 40]

    private func refuseTLS(context: ChannelHandlerContext) {
        self.environment.logger.debug(
            "a caller speaks TLS to a listener without it",
            metadata: ["caller": "\(context.channel.remoteAddress?.ipAddress ?? "")"])
        context.writeAndFlush(NIOAny(ByteBuffer(bytes: Self.handshakeFailure)), promise: nil)
        self.linger(context: context)
    }

    /// What could be said has been said: a moment for the caller to read it.
    private func linger(context: ChannelHandlerContext) {
        self.isLingering = true
        self.received = ByteBuffer()
        self.environment.deadlines.schedule(self, in: Self.lingerNanoseconds)
        context.close(mode: .output, promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.traffic.failed(error)
        self.environment.connectionFailed(error, caller: context.remoteAddress?.ipAddress)
        context.close(promise: nil)
    }

    // MARK: Life

    /// A caller that is about to speak is heard first: the protocol's own graceful end follows then.
    func drain() {
        self.isDraining = true
        // Without a handshake to wait for, whoever has connected for a reason has sent its first bytes by then.
        guard !self.isTLS, self.received.readableBytes == 0 else { return }
        self.environment.deadlines.schedule(
            self, at: min(self.dueAt, self.environment.clock.now() &+ Self.firstWordsNanoseconds))
    }

    func forEachRequest(_: (CallerRequest) -> Void) {}

    func cut() {
        self.close()
    }

    func close() {
        self.context?.close(promise: nil)
    }

    override func deadlineReached() {
        self.traffic.timedOut()
        self.close()
    }

    private enum Spoken { case http1, http2 }

    private func choose(_ spoken: Spoken) {
        guard !self.hasChosen, let context = self.context else { return }
        self.hasChosen = true
        let dueAt = self.dueAt
        self.environment.deadlines.cancel(self)
        let connection: any CallerConnection
        let handlers: [any ChannelHandler]
        switch spoken {
        case .http1:
            self.environment.connectionSpeaks(.http1)
            let http1 = HTTP1CallerConnection(environment: self.environment, traffic: self.traffic, speaksBy: dueAt)
            http1.certificate = self.certificate
            http1.source = self.source
            connection = http1
            handlers = http1.handlers
        case .http2:
            self.environment.connectionSpeaks(.http2)
            let http2 = HTTP2CallerConnection(environment: self.environment, traffic: self.traffic, speaksBy: dueAt)
            http2.certificate = self.certificate
            http2.source = self.source
            connection = http2
            handlers = [http2]
        }
        self.environment.callers.replace(self, by: connection)
        do {
            try context.pipeline.syncOperations.addHandlers(handlers, position: .after(self))
        } catch {
            // The channel is closing: handlers cannot be added any more.
            self.environment.connectionClosed(connection)
            self.close()
            return
        }
        if self.received.readableBytes > 0 {
            let received = self.received
            self.received = ByteBuffer()
            context.fireChannelRead(self.wrapInboundOut(received))
            context.fireChannelReadComplete()
        }
        if self.isDraining { connection.drain() }
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func transportClosed() {
        guard self.context != nil else { return }
        self.context = nil
        self.environment.deadlines.cancel(self)
        guard !self.hasChosen else { return }
        self.hasChosen = true
        self.environment.connectionSpeaks(.none)
        self.environment.connectionClosed(self)
    }
}
