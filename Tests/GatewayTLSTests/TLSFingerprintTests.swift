import Testing

@testable import GatewayTLS

@Suite("Telling server contexts apart")
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

    @Test("where one text ends and the next begins makes a difference")
    func lengths() throws {
        #expect(try SHA256.digest(of: [[1, 2], [3]]) != SHA256.digest(of: [[1], [2, 3]]))
    }
}
