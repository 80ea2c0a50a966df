import NIOCore
import NIOEmbedded
import Testing

@testable import GatewayTLS

/// Handlers above that close, write or end a side of the channel while the TLS handler is still busy telling them
/// something.
@Suite("The TLS handler under handlers that act at once")
struct TLSReentrancyTests {
    enum Moment: CaseIterable { case handshake, firstBytes, closeNotify, error, inactive }

    enum Act: CaseIterable { case close, closeOutput, write, writeAndClose }

    /// Does one thing in one moment, and counts what it is told.
    private final class Hasty: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        let moment: Moment
        let act: Act
        var bytes = 0
        var errors = 0
        var ends = 0

        init(_ moment: Moment, _ act: Act) {
            self.moment = moment
            self.act = act
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            switch event as? TLSHandlerEvent {
            case .handshakeCompleted: self.reach(.handshake, context)
            case .closedByPeer: self.reach(.closeNotify, context)
            case .peerCertificate, nil: break
            }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.bytes += self.unwrapInboundIn(data).readableBytes
            self.reach(.firstBytes, context)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            self.errors += 1
            self.reach(.error, context)
        }

        func channelInactive(context: ChannelHandlerContext) {
            self.ends += 1
            self.reach(.inactive, context)
        }

        private func reach(_ moment: Moment, _ context: ChannelHandlerContext) {
            guard moment == self.moment else { return }
            switch self.act {
            case .close: context.close(promise: nil)
            case .closeOutput: context.close(mode: .output, promise: nil)
            case .write: context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(bytes: [1, 2, 3])), promise: nil)
            case .writeAndClose:
                context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(bytes: [1, 2, 3])), promise: nil)
                context.close(promise: nil)
            }
        }
    }

    private static let plaintext = 300_000

    /// A client that says a lot and goodbye in one read, to a server with such a handler. The result is what was told
    /// and what the client has read.
    private func meet(
        _ moment: Moment, _ act: Act, isBroken: Bool = false
    ) throws -> (hasty: Hasty, answer: [UInt8], isActive: Bool) {
        let hasty = Hasty(moment, act)
        let connection = try TLSConnection(context: Fixture.server())
        let channel = EmbeddedChannel(
            handlers: [TLSHandler(connection: connection, scratch: TLSScratchBuffer()), hasty])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let client = try TLSConnection(context: Fixture.client(), serverName: "localhost")
        while client.handshake() != .complete {
            if let bytes = client.takeOutput() { _ = try? channel.writeInbound(bytes) }
            while let bytes = try channel.readOutbound(as: ByteBuffer.self) { client.receive(bytes) }
        }
        // The end of the handshake, all of the plaintext and close_notify in one piece.
        _ = client.write(Fixture.bytes(Self.plaintext))
        if !isBroken { client.shutdown() }
        var last = client.takeOutput() ?? ByteBuffer()
        if isBroken { last.writeBytes([UInt8](repeating: 0xFF, count: 100)) }
        _ = try? channel.writeInbound(last)
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { client.receive(bytes) }
        channel.embeddedEventLoop.run()
        let isActive = channel.isActive
        _ = try? channel.finish(acceptAlreadyClosed: true)
        return (hasty, client.readAll().bytes, isActive)
    }

    @Test(
        "nothing traps, nothing is told twice, and what is closed hears no more", arguments: Moment.allCases,
        Act.allCases)
    func acts(moment: Moment, act: Act) throws {
        for isBroken in [false, true] {
            let (hasty, answer, isActive) = try self.meet(moment, act, isBroken: isBroken)
            #expect(!isActive)
            #expect(hasty.ends == 1)
            let closesInTheMoment = act != .write
            switch moment {
            case .handshake where closesInTheMoment:
                #expect(hasty.bytes == 0)
                #expect(hasty.errors == 0)
            case .firstBytes where closesInTheMoment:
                #expect(hasty.bytes < Self.plaintext)
                #expect(hasty.errors == 0)
            default:
                #expect(hasty.bytes == Self.plaintext)
                #expect(hasty.errors == (isBroken ? 1 : 0))
            }
            if act == .write || act == .writeAndClose {
                switch moment {
                case .handshake: #expect(answer == [1, 2, 3])
                case .firstBytes: #expect(Array(answer.prefix(3)) == [1, 2, 3])
                // The connection is over by then: what is written is dropped, and traps nothing.
                case .closeNotify, .error, .inactive: #expect(answer.isEmpty)
                }
            }
        }
    }
}
