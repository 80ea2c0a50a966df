import Foundation
import GatewayJSON
import Testing

@testable import GatewayIdentity

/// The tokens and key sets of `Vectors/tokens.json`, which independent libraries have made.
@Suite("Tokens of other libraries")
struct TokenVectorTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let name: String
        let token: String
        let refusal: String?
        let keys: String
        let certificate: String?

        var testDescription: String { self.name }
    }

    struct BrokenSet: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String

        var testDescription: String { self.name }
    }

    static let document: JSONDocument = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors/tokens.json")
        guard let data = try? Data(contentsOf: file), let document = try? JSONDocument(parsing: [UInt8](data)) else {
            fatalError("\(file.path) cannot be read")
        }
        return document
    }()

    static let vectors: [Vector] =
        Self.document.root["tokens"]?.elements.map { node in
            Vector(
                name: node["name"]?.string ?? "", token: node["token"]?.string ?? "", refusal: node["refusal"]?.string,
                keys: node["keys"]?.string ?? "", certificate: node["certificate"]?.string)
        } ?? []

    static let brokenSets: [BrokenSet] =
        Self.document.root["brokenSets"]?.elements.map { node in
            BrokenSet(name: node["name"]?.string ?? "", text: node["text"]?.string ?? "")
        } ?? []

    static let rules = IssuerRules(
        issuer: Self.document.root["issuer"]?.exactText ?? "",
        audiences: [Self.document.root["audience"]?.exactText ?? ""],
        algorithms: SignatureAlgorithm.allCases, wantsAccessTokens: true, clockSkewSeconds: 30,
        lifetimeSecondsMax: 86_400)

    static var now: Int { Self.document.root["now"]?.integer ?? 0 }

    static func keys(_ name: String) throws -> KeySet {
        try KeySet(parsing: Array(Self.document.root["sets"]?[name]?.rawBytes ?? []))
    }

    static func verify(_ vector: Vector) throws -> Result<VerifiedToken, TokenRefusal> {
        let keys = try Self.keys(vector.keys)
        do throws(TokenRefusal) {
            let token = try ReceivedToken(Array(vector.token.utf8), issuers: [Self.rules])
            return .success(
                try token.verify(
                    keys, nowEpochSeconds: Self.now,
                    certificate: vector.certificate.flatMap { Digest(hexadecimal: $0) }))
        } catch {
            return .failure(error)
        }
    }

    @Test("a token is refused for the first reason there is, or taken", arguments: vectors)
    func vector(vector: Vector) throws {
        switch try Self.verify(vector) {
        case .success(let verified):
            #expect(vector.refusal == nil)
            #expect(verified.claims.subject == "pim")
            #expect(verified.claims.clientID == "pim-client")
        case .failure(let refusal):
            #expect(refusal.rawValue == vector.refusal)
        }
    }

    @Test("a set without a key to verify with is none", arguments: brokenSets)
    func brokenSet(set: BrokenSet) {
        #expect(throws: KeySet.Failure.self) { try KeySet(parsing: Array(set.text.utf8)) }
    }

    @Test("each member of a set that is no key is left out alone")
    func mixedSet() throws {
        let keys = try Self.keys("mixed")
        #expect(keys.count == 1)
        #expect(keys.leftOut == 6)
        #expect(keys.ids == ["p256"])
    }

    @Test("nothing of a good token can be changed, cut or repeated")
    func mutations() throws {
        let keys = try Self.keys("all")
        for vector in Self.vectors where vector.name.hasPrefix("signed by") {
            let token = Array(vector.token.utf8)
            for position in token.indices {
                for change in [UInt8(1), 0x20, 0x80] {
                    var changed = token
                    changed[position] ^= change
                    #expect(throws: TokenRefusal.self) {
                        try ReceivedToken(changed, issuers: [Self.rules]).verify(
                            keys, nowEpochSeconds: Self.now, certificate: nil)
                    }
                }
                #expect(throws: TokenRefusal.self) {
                    try ReceivedToken(Array(token[..<position]), issuers: [Self.rules]).verify(
                        keys, nowEpochSeconds: Self.now, certificate: nil)
                }
            }
        }
    }

    @Test("the issuer of a token decides which rules count")
    func issuers() throws {
        var other = Self.rules
        other.issuer = "https://other.example"
        var strict = Self.rules
        strict.algorithms = [.rs256]
        let good = Array((Self.vectors.first { $0.name == "signed by ES256" }?.token ?? "").utf8)
        #expect(try ReceivedToken(good, issuers: [other, Self.rules]).issuer == 1)
        #expect(throws: TokenRefusal.issuer) { try ReceivedToken(good, issuers: [other]) }
        #expect(throws: TokenRefusal.algorithm) { try ReceivedToken(good, issuers: [strict]) }
        #expect(throws: TokenRefusal.algorithm) { try ReceivedToken(good, issuers: [other, strict]) }
    }
}
