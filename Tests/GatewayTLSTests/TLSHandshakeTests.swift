import NIOCore
import Testing

@testable import GatewayTLS

@Suite("TLS handshakes")
struct TLSHandshakeTests {
    @Test("a server waits for the first record to its end, however it comes, and for nothing that is no handshake")
    func firstRecord() throws {
        let hello: [UInt8]
        do {
            let pair = try TLSPair(client: Fixture.client(), server: Fixture.server())
            _ = pair.client.handshake()
            hello = Array(try #require(pair.client.takeOutput()).readableBytesView)
        }
        let server = try TLSConnection(context: Fixture.server())
        for byte in hello.dropLast() {
            server.receive(ByteBuffer(bytes: [byte]))
            #expect(server.handshake() == .needsInput)
            #expect(!server.hasBegun)
        }
        server.receive(ByteBuffer(bytes: hello.suffix(1)))
        #expect(server.handshake() == .needsInput)
        #expect(server.hasBegun && server.takeOutput() != nil, "it answers")

        for nonsense: [UInt8] in [[21, 3, 3, 0, 2], [22, 3, 1, 0xFF, 0xFF]] {
            let server = try TLSConnection(context: Fixture.server())
            server.receive(ByteBuffer(bytes: nonsense))
            if case .failed = server.handshake() {} else { #expect(server.hasBegun) }
        }
    }

    @Test("a client that trusts the server's authority connects, with TLS 1.3 and the agreed protocol")
    func success() throws {
        let pair = try TLSPair(client: Fixture.client(), server: Fixture.server())
        #expect(pair.client.applicationProtocol == nil)
        pair.shakeHands()
        #expect(pair.clientResult == .complete)
        #expect(pair.serverResult == .complete)
        #expect(pair.client.version == "TLSv1.3")
        #expect(pair.client.applicationProtocol == "h2")
        #expect(pair.server.applicationProtocol == "h2")
    }

    @Test(
        "the certificate is taken for its name and its addresses",
        arguments: ["localhost", "LOCALHOST", "127.0.0.1", "::1"])
    func names(name: String) throws {
        let pair = try TLSPair(client: Fixture.client(), server: Fixture.server(), serverName: name)
        pair.shakeHands()
        #expect(pair.clientResult == .complete)
    }

    @Test(
        "for any other name or address the client refuses, and the server is told",
        arguments: ["example.com", "localhost.example.com", "a.localhost", "127.0.0.2", "product-gateway development"])
    func otherNames(name: String) throws {
        let pair = try TLSPair(client: Fixture.client(), server: Fixture.server(), serverName: name)
        pair.shakeHands()
        guard case .failed(.peerNotTrusted(let reason)) = pair.clientResult else {
            Issue.record("\(pair.clientResult)")
            return
        }
        #expect(reason.contains("mismatch"))
        #expect(pair.serverResult.isFailure)
    }

    @Test("a certificate that the client's authorities have not signed is refused")
    func untrusted() throws {
        let pair = try TLSPair(
            client: Fixture.client(trusting: Fixture.stranger.get()), server: Fixture.server())
        pair.shakeHands()
        guard case .failed(.peerNotTrusted) = pair.clientResult else {
            Issue.record("\(pair.clientResult)")
            return
        }
        #expect(pair.clientResult.description.contains("not trusted"))
    }

    @Test("the system's authorities do not vouch for a development certificate")
    func systemAuthorities() throws {
        let pair = try TLSPair(client: .client(), server: Fixture.server())
        pair.shakeHands()
        guard case .failed(.peerNotTrusted) = pair.clientResult else {
            Issue.record("\(pair.clientResult)")
            return
        }
    }

    @Test("a certificate whose time is over is refused, and the reason says so")
    func expired() throws {
        let expired = try DevelopmentCertificate(days: -1)
        let pair = try TLSPair(
            client: Fixture.client(trusting: expired), server: Fixture.server(expired))
        pair.shakeHands()
        guard case .failed(.peerNotTrusted(let reason)) = pair.clientResult else {
            Issue.record("\(pair.clientResult)")
            return
        }
        #expect(reason.contains("expired"))
    }

    @Test("without a protocol in common both sides fail and say why")
    func noCommonProtocol() throws {
        let pair = try TLSPair(
            client: Fixture.client(protocols: ["http/1.1"]), server: Fixture.server(protocols: ["h2"]))
        pair.shakeHands()
        #expect(pair.serverResult == .failed(.noCommonProtocol))
        #expect(pair.clientResult == .failed(.noCommonProtocol))
    }

    @Test(
        "the server's order decides among the protocols in common",
        arguments: [
            (["h2", "http/1.1"], ["http/1.1", "h2"], "h2"),
            (["http/1.1", "h2"], ["h2", "http/1.1"], "http/1.1"),
            (["h2", "http/1.1"], ["http/1.1"], "http/1.1"),
        ])
    func protocolOrder(server: [String], client: [String], expected: String) throws {
        let pair = try TLSPair(
            client: Fixture.client(protocols: client), server: Fixture.server(protocols: server))
        pair.shakeHands()
        #expect(pair.server.applicationProtocol == expected)
        #expect(pair.client.applicationProtocol == expected)
    }

    @Test("a handshake that comes byte by byte is the same handshake")
    func byteByByte() throws {
        let pair = try TLSPair(client: Fixture.client(), server: Fixture.server())
        func trickle(_ output: ByteBuffer?, to peer: TLSConnection) {
            guard var output else { return }
            while let byte = output.readSlice(length: 1) {
                peer.receive(byte)
                _ = peer.handshake()
            }
        }
        _ = pair.client.handshake()
        trickle(pair.client.takeOutput(), to: pair.server)
        trickle(pair.server.takeOutput(), to: pair.client)
        trickle(pair.client.takeOutput(), to: pair.server)
        #expect(pair.client.handshake() == .complete)
        #expect(pair.server.handshake() == .complete)
    }

    @Test(
        "what is not TLS fails the server's handshake",
        arguments: [
            "GET / HTTP/1.1\r\nhost: a\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "\u{16}\u{3}\u{1}\u{0}\u{5}hello-this-is-no-handshake", "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}",
        ])
    func garbageToServer(text: String) throws {
        let server = try TLSConnection(context: Fixture.server())
        server.receive(ByteBuffer(string: text))
        guard case .failed(.handshakeFailed(let errors)) = server.handshake() else {
            Issue.record("no failure")
            return
        }
        #expect(!errors.reasons.isEmpty)
    }

    @Test("a server that does not speak TLS fails the client's handshake")
    func unencryptedServer() throws {
        let client = try TLSConnection(context: Fixture.client(), serverName: "localhost")
        #expect(client.handshake() == .needsInput)
        client.receive(ByteBuffer(string: "HTTP/1.1 400 Bad Request\r\n\r\n"))
        guard case .failed(.handshakeFailed) = client.handshake() else {
            Issue.record("no failure")
            return
        }
    }

    @Test("a failed connection goes on failing and traps nothing")
    func afterFailure() throws {
        let server = try TLSConnection(context: Fixture.server())
        server.receive(ByteBuffer(string: "no TLS at all, by no means"))
        #expect(server.handshake().isFailure)
        #expect(server.handshake().isFailure)
        #expect(server.readAll().result.isFailure)
        #expect(server.write([1, 2, 3]).isFailure)
        server.shutdown()
    }

    @Test("one connection's failure does not spoil another one's next step on the same thread")
    func errorQueue() throws {
        let good = try Fixture.connectedPair()
        for _ in 0..<10 {
            let bad = try TLSConnection(context: Fixture.server())
            bad.receive(ByteBuffer(string: "garbage, garbage, garbage"))
            #expect(bad.handshake().isFailure)
            #expect(throws: TLSError.self) {
                try TLSContext.server(certificateChain: [1, 2, 3], privateKey: [])
            }
            // Nothing has come: that is no error, whatever stood in the thread's queue.
            #expect(good.client.readAll().result == .needsInput)
            #expect(good.client.write([1]) == .complete)
            #expect(TLSPair.carry(from: good.client, to: good.server).bytes == [1])
        }
    }

    @Test("random bytes in the place of a handshake's never trap", arguments: [1, 2, 3] as [UInt64])
    func randomBytes(seed: UInt64) throws {
        var state = seed
        func next() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        for _ in 0..<100 {
            let pair = try TLSPair(client: Fixture.client(), server: Fixture.server())
            _ = pair.client.handshake()
            var hello = Array(try #require(pair.client.takeOutput()).readableBytesView)
            for _ in 0..<3 { hello[Int(next()) * hello.count / 256] = next() }
            pair.server.receive(ByteBuffer(bytes: hello))
            _ = pair.server.handshake()
            if var answer = pair.server.takeOutput().map({ Array($0.readableBytesView) }) {
                answer[Int(next()) * answer.count / 256] = next()
                pair.client.receive(ByteBuffer(bytes: answer))
                _ = pair.client.handshake()
                _ = pair.client.readAll()
            }
        }
    }
}

extension TLSConnection.Result {
    var isFailure: Bool {
        if case .failed = self { true } else { false }
    }

    var description: String {
        if case .failed(let error) = self { error.description } else { "\(self)" }
    }
}
