import GatewayJSON
import Testing

@testable import GatewayIdentity

@Suite("An issuer for the sandbox")
struct DevelopmentIssuerTests {
    private static let rules = IssuerRules(
        issuer: "https://issuer.test", audiences: ["here"], algorithms: [.edDSA], wantsAccessTokens: true,
        clockSkewSeconds: 0, lifetimeSecondsMax: 3600)

    private static func claims(expiry: Int) -> [UInt8] {
        Array(#"{"iss":"https://issuer.test","aud":"here","sub":"s","iat":1000,"exp":\#(expiry)}"#.utf8)
    }

    @Test("its tokens count with its keys, and with nobody else's")
    func tokens() throws {
        let issuer = try #require(DevelopmentIssuer())
        let other = try #require(DevelopmentIssuer())
        let token = try #require(issuer.token(claims: Self.claims(expiry: 2000)))
        let received = try ReceivedToken(token, issuers: [Self.rules])
        let keys = try KeySet(parsing: issuer.keySet)
        let verified = try received.verify(keys, nowEpochSeconds: 1500, certificate: nil)
        #expect(verified.claims.subject == "s")
        #expect(throws: TokenRefusal.expired) {
            try received.verify(keys, nowEpochSeconds: 2000, certificate: nil)
        }
        #expect(throws: TokenRefusal.signature) {
            try received.verify(try KeySet(parsing: other.keySet), nowEpochSeconds: 1500, certificate: nil)
        }
        #expect(issuer.keySet != other.keySet)
    }
}
