import NIOCore
import NIOEmbedded
import Testing

@testable import GatewayTLS

@Suite("The TLS handler in a pipeline")
struct TLSHandlerTests {
    /// What a handler above is told, in its order.
    private enum Told: Equatable {
        case active, handshake(String?), bytes([UInt8]), error(TLSError), otherError, inactive
    }

    private final class Recorder: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        var told: [Told] = []
        var hasBegun = false

        func channelActive(context: ChannelHandlerContext) { self.told.append(.active) }
        func channelInactive(context: ChannelHandlerContext) { self.told.append(.inactive) }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case .handshakeCompleted(let name, _)? = event as? TLSHandlerEvent {
                self.told.append(.handshake(name))
            }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = Array(self.unwrapInboundIn(data).readableBytesView)
            if case .bytes(let before)? = self.told.last {
                self.told[self.told.count - 1] = .bytes(before + bytes)
            } else {
                self.told.append(.bytes(bytes))
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            self.told.append((error as? TLSError).map(Told.error) ?? .otherError)
        }
    }

    /// A channel with a TLS handler and somebody who listens above it.
    private struct End {
        let channel: EmbeddedChannel
        let recorder = Recorder()

        init(_ context: TLSContext, serverName: String? = nil) throws {
            let connection = try TLSConnection(context: context, serverName: serverName)
            self.channel = EmbeddedChannel(
                handlers: [TLSHandler(connection: connection, scratch: TLSScratchBuffer()), self.recorder])
            try self.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        func write(_ bytes: [UInt8]) throws {
            try self.channel.writeAndFlush(ByteBuffer(bytes: bytes)).wait()
        }

        /// Hands what this end has written to the other; false when it was nothing.
        func hand(to other: End) throws -> Bool {
            var hasHanded = false
            while let bytes = try self.channel.readOutbound(as: ByteBuffer.self) {
                hasHanded = true
                // A channel that is closed takes nothing.
                if other.channel.isActive { _ = try? other.channel.writeInbound(bytes) }
            }
            return hasHanded
        }
    }

    private func connect(
        client: TLSContext? = nil, serverName: String = "localhost"
    ) throws -> (client: End, server: End) {
        let server = try End(Fixture.server())
        let client = try End(client ?? Fixture.client(), serverName: serverName)
        try self.talk(client, server)
        return (client, server)
    }

    private func talk(_ client: End, _ server: End) throws {
        while true {
            let fromClient = try client.hand(to: server)
            let fromServer = try server.hand(to: client)
            if !fromClient, !fromServer { break }
        }
        client.channel.embeddedEventLoop.run()
        server.channel.embeddedEventLoop.run()
    }

    @Test("the handshake is told once, with its protocol, before any plaintext")
    func handshake() throws {
        let (client, server) = try self.connect()
        try client.write([1, 2, 3])
        try self.talk(client, server)
        #expect(server.recorder.told == [.active, .handshake("h2"), .bytes([1, 2, 3])])
        #expect(client.recorder.told == [.active, .handshake("h2")])
    }

    @Test("much data in both directions arrives as it was written")
    func data() throws {
        let (client, server) = try self.connect()
        let bytes = Fixture.bytes(500_000)
        try client.write(bytes)
        try server.write(bytes)
        try self.talk(client, server)
        #expect(server.recorder.told.last == .bytes(bytes))
        #expect(client.recorder.told.last == .bytes(bytes))
    }

    /// A server's end that has shaken hands with a bare connection, which does as it likes.
    private func connectBare() throws -> (client: TLSConnection, server: End) {
        let server = try End(Fixture.server())
        let client = try TLSConnection(context: Fixture.client(minimumVersion: .tls13), serverName: "localhost")
        while client.handshake() != .complete { try self.exchange(client, server) }
        try self.exchange(client, server)
        return (client, server)
    }

    private func exchange(_ client: TLSConnection, _ server: End) throws {
        if let bytes = client.takeOutput() { _ = try? server.channel.writeInbound(bytes) }
        while let bytes = try server.channel.readOutbound(as: ByteBuffer.self) { client.receive(bytes) }
    }

    @Test("a peer that asks for new keys gets them, as often as it reads the answers")
    func newKeys() throws {
        let (client, server) = try self.connectBare()
        for _ in 0..<5000 {
            #expect(client.renewKeysForTesting() == .complete)
            try self.exchange(client, server)
            #expect(client.readAll().result == .needsInput)
        }
        _ = client.write([7])
        try self.exchange(client, server)
        #expect(server.recorder.told.last == .bytes([7]))
        #expect(server.channel.isActive)
    }

    @Test("a peer that asks for new keys on and on and reads none of the answers is cut off")
    func newKeysUnread() throws {
        let (client, server) = try self.connectBare()
        server.channel.isWritable = false
        var asked = 0
        while server.channel.isActive, asked < 10_000 {
            #expect(client.renewKeysForTesting() == .complete)
            if let bytes = client.takeOutput() { _ = try? server.channel.writeInbound(bytes) }
            asked += 1
        }
        // An answer takes some 26 bytes, and 64 KiB are kept.
        #expect((2000...3500).contains(asked))
        guard case .error(.connectionFailed)? = server.recorder.told.dropLast().last else {
            Issue.record("told \(server.recorder.told)")
            return
        }
    }

    @Test("an empty write after others is done when they are: its promise holds its place")
    func emptyWrite() throws {
        let (client, server) = try self.connect()
        client.channel.write(ByteBuffer(bytes: [1, 2, 3]), promise: nil)
        try client.write([])
        try self.talk(client, server)
        #expect(server.recorder.told.last == .bytes([1, 2, 3]))
    }

    @Test("plaintext written before the handshake is over fails and is never sent")
    func earlyWrite() throws {
        let client = try End(Fixture.client(), serverName: "localhost")
        #expect(throws: (any Error).self) { try client.write(Array("secret".utf8)) }
        while let bytes = try client.channel.readOutbound(as: ByteBuffer.self) {
            #expect(!String(decoding: bytes.readableBytesView, as: UTF8.self).contains("secret"))
        }
    }

    @Test("garbage is told once as an error, answered with an alert, and closes the channel")
    func garbage() throws {
        let server = try End(Fixture.server())
        try server.channel.writeInbound(ByteBuffer(string: "GET / HTTP/1.1\r\nhost: a\r\n\r\n"))
        server.channel.embeddedEventLoop.run()
        #expect(!server.channel.isActive)
        guard case .error(.handshakeFailed) = server.recorder.told.dropFirst().first else {
            Issue.record("\(server.recorder.told)")
            return
        }
        #expect(server.recorder.told.count == 3)
        #expect(server.recorder.told.last == .inactive)
    }

    @Test("a certificate that is not trusted closes the client and tells it why")
    func untrusted() throws {
        let stranger = try Fixture.client(trusting: Fixture.stranger.get())
        let (client, server) = try self.connect(client: stranger)
        guard case .error(.peerNotTrusted) = client.recorder.told.dropFirst().first else {
            Issue.record("\(client.recorder.told)")
            return
        }
        #expect(!client.channel.isActive)
        // The alert has reached the server.
        #expect(!server.channel.isActive)
        #expect(!server.recorder.told.contains { if case .bytes = $0 { true } else { false } })
    }

    @Test("a transport that ends within the handshake is told as closedDuringHandshake, once")
    func closedDuringHandshake() throws {
        let server = try End(Fixture.server())
        server.channel.pipeline.fireChannelInactive()
        server.channel.pipeline.fireChannelInactive()
        #expect(
            server.recorder.told == [.active, .error(.closedDuringHandshake), .inactive, .inactive])
    }

    @Test("closing says close_notify, which closes the other end without an error")
    func close() throws {
        let (client, server) = try self.connect()
        try client.channel.close().wait()
        try self.talk(client, server)
        #expect(!server.channel.isActive)
        #expect(server.recorder.told == [.active, .handshake("h2"), .inactive])
        #expect(client.recorder.told == [.active, .handshake("h2"), .inactive])
    }

    @Test("what comes after the end is dropped")
    func afterEnd() throws {
        let (client, server) = try self.connect()
        try client.write([1])
        let late = try #require(try client.channel.readOutbound(as: ByteBuffer.self))
        try client.channel.close().wait()
        try self.talk(client, server)
        server.channel.pipeline.fireChannelRead(late)
        #expect(!server.recorder.told.contains { if case .bytes = $0 { true } else { false } })
    }

    @Test("an end of the transport without close_notify is an ordinary end for HTTP/2")
    func truncation() throws {
        let (_, server) = try self.connect()
        server.channel.pipeline.fireChannelInactive()
        #expect(server.recorder.told == [.active, .handshake("h2"), .inactive])
    }
}
