import Testing

@testable import GatewayTLS

@Suite("Telling contexts apart")
struct TLSFingerprintTests {
    @Test("made of the same they are equal, and only then")
    func fingerprint() throws {
        let first = try Fixture.server()
        #expect(first.fingerprint.count == 32)
        #expect(try Fixture.server().fingerprint == first.fingerprint)
        let others = [
            try Fixture.server(Fixture.stranger.get()), try Fixture.server(protocols: ["h2", "http/1.1"]),
            try Fixture.server(minimumVersion: .tls13),
        ]
        for other in others { #expect(other.fingerprint != first.fingerprint) }
    }

    @Test("a client's contexts are told apart by authorities, own certificate, versions and protocols")
    func client() throws {
        let first = try Fixture.client()
        let (ours, stranger) = (try Fixture.certificate.get(), try Fixture.stranger.get())
        #expect(first.fingerprint.count == 32)
        #expect(try Fixture.client().fingerprint == first.fingerprint)
        func with(_ identity: DevelopmentCertificate) throws -> TLSContext {
            try .client(authorities: ours.certificate, identity: (identity.certificate, identity.privateKey))
        }
        let all = [
            first, try Fixture.client(trusting: stranger), try Fixture.client(protocols: ["http/1.1"]),
            try Fixture.client(minimumVersion: .tls13), try .client(), try with(ours), try with(stranger),
        ]
        #expect(Set(all.map(\.fingerprint)).count == all.count)
    }

    @Test("the system's authorities have a place")
    func system() {
        #expect(TLSContext.systemAuthorityPaths.count >= 2)
        #expect(TLSContext.systemAuthorityPaths.allSatisfy { $0.hasPrefix("/") })
    }

    @Test("where one text ends and the next begins makes a difference")
    func lengths() throws {
        #expect(try SHA256.digest(of: [[1, 2], [3]]) != SHA256.digest(of: [[1], [2, 3]]))
    }
}
