import GatewayJSON
import Testing

@testable import GatewayIdentity

@Suite("Claims")
struct TokenClaimsTests {
    private static let claims = """
        {"sub":"s","azp":"client","scope":"read write","groups":["a","b"],"https://e.example/role":"pim",
         "realm":{"a/b":{"roles":["x"]}},"n":1}
        """

    @Test(
        "a claim says its text, each text of its array, and each word of a scope",
        arguments: [
            ("scope", "read"), ("scope", "read write"), ("groups", "b"), ("https://e.example/role", "pim"),
            ("/realm/a~1b/roles", "x"), ("/groups", "a"), ("sub", "s"),
        ])
    func says(name: String, value: String) throws {
        #expect(try TokenClaims(Array(Self.claims.utf8)).says(ExactText(value), in: ExactText(name)))
    }

    @Test(
        "and nothing else",
        arguments: [
            ("scope", "rea"), ("groups", "ab"), ("group", "a"), ("n", "1"), ("/realm/a/b/roles", "x"), ("/", "s"),
            ("sub", "S"), ("realm", "x"), ("https://e.example/role", "pi"),
        ])
    func saysNot(name: String, value: String) throws {
        #expect(try !TokenClaims(Array(Self.claims.utf8)).says(ExactText(value), in: ExactText(name)))
    }

    @Test("the client is client_id, or azp")
    func client() throws {
        #expect(try TokenClaims(Array(Self.claims.utf8)).clientID == "client")
        #expect(try TokenClaims(Array(#"{"azp":"a","client_id":"b"}"#.utf8)).clientID == "b")
    }

    @Test("texts that Unicode takes for the same are different ones, as values and as names")
    func canonicalEquivalence() throws {
        let claims = try TokenClaims(
            Array(#"{"sub":"\u212aarl","roles":["jose\u0301"],"aud":"\u212a","\u212aey":"x","scope":"a\u0301 b"}"#.utf8)
        )
        #expect("\u{212a}arl" == "Karl")
        #expect(claims.subject != "Karl")
        #expect(claims.subject == "\u{212a}arl")
        #expect(!claims.audiences.contains("K"))
        #expect(!claims.says("jos\u{e9}", in: "roles"))
        #expect(claims.says("jose\u{301}", in: "roles"))
        #expect(!claims.says("x", in: "Key"))
        #expect(!claims.says("x", in: "/Key"))
        #expect(!claims.says("\u{e1}", in: "scope"))
    }
}
