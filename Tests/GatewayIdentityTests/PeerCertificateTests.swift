import Foundation
import Testing

@testable import GatewayIdentity

@Suite("Certificates of callers")
struct PeerCertificateTests {
    private static func read(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors")
        return [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    @Test("the names are the alternative ones: URIs, and DNS names in lower case")
    func names() throws {
        let certificate = try #require(PeerCertificate(pem: Self.read("workload.pem")))
        #expect(certificate.uris == ["spiffe://example.org/ns/shop/sa/pim"])
        #expect(certificate.uri == "spiffe://example.org/ns/shop/sa/pim")
        #expect(certificate.dnsNames == ["pim.example.org"])
        #expect(certificate.notAfterEpochSeconds == 4_102_444_799)
    }

    @Test("several URIs are no SPIFFE id, and a name with a NUL in it is no name")
    func ambiguous() throws {
        let certificate = try #require(PeerCertificate(pem: Self.read("ambiguous.pem")))
        #expect(certificate.uris.count == 2)
        #expect(certificate.uri == nil)
        #expect(certificate.dnsNames == [])
    }

    @Test("what is not one whole certificate is none")
    func broken() throws {
        let der = try Self.read("workload.der")
        #expect(PeerCertificate(der: der) != nil)
        #expect(PeerCertificate(der: der + [0]) == nil)
        #expect(PeerCertificate(der: []) == nil)
        for length in stride(from: 0, to: der.count, by: 7) {
            #expect(PeerCertificate(der: Array(der[..<length])) == nil)
        }
        #expect(PeerCertificate(der: [UInt8](repeating: 0x30, count: PeerCertificate.bytesMax + 1)) == nil)
    }
}
