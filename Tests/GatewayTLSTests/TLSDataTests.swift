import NIOCore
import Testing

@testable import GatewayTLS

@Suite("Data over TLS")
struct TLSDataTests {
    @Test(
        "data arrives whole in both directions: within a record, of a record, of many",
        arguments: [1, 16_384, 16_385, 1_000_000])
    func bothWays(size: Int) throws {
        let pair = try Fixture.connectedPair()
        let bytes = Fixture.bytes(size)
        #expect(pair.client.write(bytes) == .complete)
        #expect(TLSPair.carry(from: pair.client, to: pair.server).bytes == bytes)
        #expect(pair.server.write(bytes) == .complete)
        let back = TLSPair.carry(from: pair.server, to: pair.client)
        #expect(back.bytes == bytes)
        #expect(back.result == .needsInput)
    }

    @Test("a read stops at its maximum, and the next goes on there")
    func boundedRead() throws {
        let pair = try Fixture.connectedPair()
        let bytes = Fixture.bytes(200_000)
        _ = pair.client.write(bytes)
        if let output = pair.client.takeOutput() { pair.server.receive(output) }
        var received = ByteBuffer()
        #expect(pair.server.read(into: &received, maximum: 50_000) == .complete)
        #expect(received.readableBytes >= 50_000)
        #expect(received.readableBytes < 50_000 + 16_384)
        let rest = pair.server.readAll()
        #expect(Array(received.readableBytesView) + rest.bytes == bytes)
    }

    @Test("nothing to write is nothing written")
    func emptyWrite() throws {
        let pair = try Fixture.connectedPair()
        #expect(pair.client.write([]) == .complete)
        #expect(pair.client.takeOutput() == nil)
    }

    @Test("close_notify is told as a proper end, after all data before it")
    func closeNotify() throws {
        let pair = try Fixture.connectedPair()
        _ = pair.client.write(Fixture.bytes(20_000))
        pair.client.shutdown()
        let end = TLSPair.carry(from: pair.client, to: pair.server)
        #expect(end.bytes == Fixture.bytes(20_000))
        #expect(end.result == .closedByPeer)
        // The other side may answer in kind.
        pair.server.shutdown()
        #expect(TLSPair.carry(from: pair.server, to: pair.client).result == .closedByPeer)
    }

    @Test("a shutdown before the handshake is over says nothing")
    func earlyShutdown() throws {
        let server = try TLSConnection(context: Fixture.server())
        server.shutdown()
        #expect(server.takeOutput() == nil)
    }

    @Test("a record that was changed on its way breaks the connection, and nothing of it is handed up")
    func changedRecord() throws {
        let pair = try Fixture.connectedPair()
        _ = pair.client.write(Fixture.bytes(1_000))
        var record = Array(try #require(pair.client.takeOutput()).readableBytesView)
        record[500] ^= 1
        pair.server.receive(ByteBuffer(bytes: record))
        let read = pair.server.readAll()
        #expect(read.bytes == [])
        guard case .failed(.connectionFailed) = read.result else {
            Issue.record("\(read.result)")
            return
        }
        // The peer is told with an alert.
        #expect(TLSPair.carry(from: pair.server, to: pair.client).result.isFailure)
    }

    @Test("unencrypted bytes in the middle of a connection break it")
    func unencrypted() throws {
        let pair = try Fixture.connectedPair()
        pair.server.receive(ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n"))
        #expect(pair.server.readAll().result.isFailure)
    }
}

@Suite("TLS contexts")
struct TLSContextTests {
    @Test("a certificate that is none is refused, with OpenSSL's reason")
    func unreadableCertificate() throws {
        let certificate = try Fixture.certificate.get()
        #expect {
            try TLSContext.server(
                certificateChain: Array("no certificate".utf8), privateKey: certificate.privateKey)
        } throws: { error in
            guard case TLSError.certificateUnreadable(let errors) = error else { return false }
            return !errors.reasons.isEmpty
        }
    }

    @Test("an empty text holds no certificate and no key")
    func empty() throws {
        let certificate = try Fixture.certificate.get()
        #expect {
            try TLSContext.server(certificateChain: [], privateKey: certificate.privateKey)
        } throws: { error in
            if case TLSError.certificateUnreadable = error { true } else { false }
        }
        #expect {
            try TLSContext.server(certificateChain: certificate.certificate, privateKey: [])
        } throws: { error in
            if case TLSError.privateKeyUnreadable = error { true } else { false }
        }
    }

    @Test("a key of another certificate is refused")
    func foreignKey() throws {
        #expect {
            try TLSContext.server(
                certificateChain: Fixture.certificate.get().certificate,
                privateKey: Fixture.stranger.get().privateKey)
        } throws: { error in
            if case TLSError.privateKeyDoesNotMatch = error { true } else { false }
        }
    }

    @Test("authorities without a certificate are refused: they would trust nobody")
    func noAuthorities() {
        for text in ["", "# no certificate\n"] {
            #expect {
                try TLSContext.client(authorities: Array(text.utf8))
            } throws: { error in
                if case TLSError.authoritiesUnreadable = error { true } else { false }
            }
        }
    }

    @Test("a bundle with one certificate that cannot be read is refused, not cut short in silence")
    func brokenBundle() throws {
        let good = try Fixture.certificate.get().certificate
        let broken = Array(
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8)
        #expect {
            try TLSContext.client(authorities: good + broken + Fixture.stranger.get().certificate)
        } throws: { error in
            if case TLSError.authoritiesUnreadable = error { true } else { false }
        }
    }

    @Test("what stands around and between the certificates of a bundle does not matter")
    func bundle() throws {
        let authority = try Fixture.certificate.get().certificate
        let remark = Array("# a remark\n\nSubject: someone\n".utf8)
        let bundle = remark + authority + remark + authority + remark
        let pair = try TLSPair(client: .client(authorities: bundle), server: Fixture.server())
        pair.shakeHands()
        #expect(pair.clientResult == .complete)
    }

    @Test("a server of TLS 1.3 and a client of it agree")
    func minimumVersion() throws {
        let pair = try TLSPair(
            client: Fixture.client(minimumVersion: .tls13), server: Fixture.server(minimumVersion: .tls13))
        pair.shakeHands()
        #expect(pair.server.version == "TLSv1.3")
    }

    @Test("no error text holds anything of the key")
    func errorTexts() throws {
        let key = try Fixture.stranger.get().privateKey
        do {
            _ = try TLSContext.server(
                certificateChain: Fixture.certificate.get().certificate, privateKey: key)
            Issue.record("no error")
        } catch {
            let line = String(decoding: key, as: UTF8.self).split(separator: "\n")[1]
            #expect(!"\(error)".contains(line))
        }
    }

    @Test("connections are freed with their last owner, their context too")
    func freed() throws {
        weak var client: TLSConnection?
        weak var context: TLSContext?
        do {
            let pair = try Fixture.connectedPair()
            client = pair.client
            let own = try Fixture.server()
            context = own
            let other = try TLSConnection(context: own)
            _ = other.handshake()
            #expect(client != nil)
        }
        #expect(client == nil)
        #expect(context == nil)
    }

    // A process of its own: other tests have connections alive at the same time.
    @Test("the live count falls back to zero, however connections ended")
    func liveCount() async {
        await #expect(processExitsWith: .success) {
            do {
                for round in 0..<50 {
                    let pair = try Fixture.connectedPair()
                    #expect(TLSConnection.liveCount == 2)
                    switch round % 3 {
                    case 0: pair.client.shutdown()
                    case 1: pair.server.receive(ByteBuffer(string: "garbage, and more of it"))
                    default: break
                    }
                    _ = TLSPair.carry(from: pair.client, to: pair.server)
                }
            }
            #expect(TLSConnection.liveCount == 0)
        }
    }
}
