import GatewayIdentity
import Testing

@testable import GatewayProxy

@Suite("The tokens that a worker has verified")
struct TokenCacheTests {
    private static let identity = Identity(Caller(name: "pim", index: 0), by: .token(issuer: "i", keyID: nil))

    private static func digest(_ number: Int) throws -> Digest {
        try #require(Digest(of: withUnsafeBytes(of: number) { Array($0) }))
    }

    @Test("a token counts until its end, and with its certificate only")
    func end() throws {
        var cache = TokenCache()
        let (token, certificate) = (try Self.digest(1), try Self.digest(2))
        cache.keep(token, .init(identity: Self.identity, goodUntilEpochSeconds: 100, certificate: certificate))
        #expect(cache.find(token, nowEpochSeconds: 99, certificate: certificate) != nil)
        #expect(cache.find(token, nowEpochSeconds: 99, certificate: nil) == nil)
        #expect(cache.find(token, nowEpochSeconds: 99, certificate: token) == nil)
        #expect(cache.find(token, nowEpochSeconds: 100, certificate: certificate) == nil)
        #expect(cache.count == 0)
    }

    @Test("a flood of tokens leaves no more than a thousand, and those in use")
    func flood() throws {
        var cache = TokenCache()
        let used = try Self.digest(-1)
        cache.keep(used, .init(identity: Self.identity, goodUntilEpochSeconds: 100, certificate: nil))
        for number in 0..<10_000 {
            cache.keep(
                try Self.digest(number), .init(identity: Self.identity, goodUntilEpochSeconds: 100, certificate: nil))
            if number % 100 == 0 { #expect(cache.find(used, nowEpochSeconds: 1, certificate: nil) != nil) }
            #expect(cache.count <= 1_024)
        }
        cache.removeAll()
        #expect(cache.find(used, nowEpochSeconds: 1, certificate: nil) == nil)
    }
}
