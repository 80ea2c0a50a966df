import Testing

@testable import GatewayTLS

@Suite("Resuming TLS sessions")
struct TLSResumptionTests {
    /// A client and servers that keep a session between connections.
    private struct Bench {
        let client: TLSContext
        let server: TLSContext
        let sessions = TLSSessions()

        init(version: TLSContext.MinimumVersion, server: TLSContext? = nil) throws {
            self.client = try Fixture.client()
            self.server = try server ?? Fixture.server(minimumVersion: version)
        }

        /// One connection, up to the server's tickets.
        func connect(_ sessions: TLSSessions?) throws -> TLSPair {
            let pair = try TLSPair(client: self.client, server: self.server, sessions: sessions)
            pair.shakeHands()
            #expect(pair.clientResult == .complete)
            #expect(pair.serverResult == .complete)
            _ = pair.client.readAll()
            return pair
        }
    }

    @Test("a second connection resumes what the first has left, on both sides, with ALPN as ever")
    func resumed() throws {
        let bench = try Bench(version: .tls13)
        let first = try bench.connect(bench.sessions)
        #expect(!first.client.isResumed)
        #expect(bench.sessions.count == 2, "OpenSSL's servers send two tickets")
        let second = try bench.connect(bench.sessions)
        #expect(second.client.isResumed)
        #expect(second.server.isResumed)
        #expect(second.client.applicationProtocol == "h2")
        #expect(second.client.write([1, 2]) == .complete)
        #expect(TLSPair.carry(from: second.client, to: second.server).bytes == [1, 2])
    }

    @Test("a ticket of TLS 1.3 is used once")
    func once() throws {
        let bench = try Bench(version: .tls13)
        _ = try bench.connect(bench.sessions)
        let before = bench.sessions.count
        let session = try #require(bench.sessions.take())
        #expect(session.isForOneUse)
        bench.sessions.keep(session)
        let pair = try TLSPair(client: bench.client, server: bench.server, sessions: bench.sessions)
        #expect(bench.sessions.count == before - 1)
        pair.shakeHands()
        _ = pair.client.readAll()
        #expect(pair.client.isResumed)
        // The resumed connection has brought a new one.
        #expect(bench.sessions.count >= before)
    }

    @Test("without sessions every connection begins from nothing")
    func without() throws {
        let bench = try Bench(version: .tls13)
        for _ in 0..<2 { #expect(try !bench.connect(nil).client.isResumed) }
    }

    @Test("a server that does not know the ticket is connected to all the same")
    func unknownTicket() throws {
        let bench = try Bench(version: .tls13)
        _ = try bench.connect(bench.sessions)
        // The same certificate, another key for tickets: a server that was restarted.
        let restarted = try TLSPair(
            client: bench.client, server: Fixture.server(), sessions: bench.sessions)
        restarted.shakeHands()
        #expect(restarted.clientResult == .complete)
        #expect(!restarted.client.isResumed)
    }

    @Test("no more sessions are kept than are of use")
    func bounded() throws {
        let bench = try Bench(version: .tls13)
        // All at once, so that none finds anything to resume, and each leaves two.
        let pairs = try (0..<TLSSessions.countMax).map { _ in
            try TLSPair(client: bench.client, server: bench.server, sessions: bench.sessions)
        }
        for pair in pairs {
            pair.shakeHands()
            _ = pair.client.readAll()
            #expect(!pair.client.isResumed)
        }
        #expect(bench.sessions.count == TLSSessions.countMax)
    }
}
