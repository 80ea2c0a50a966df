import GatewayTranslation
import Testing

@Suite("A secret that a vendor quotes is told to nobody")
struct SecretMaskTests {
    private static let authorization = "Bearer eyJh/bGci+Oi=="
    private static let stars = String(repeating: "*", count: 14)

    private static func masked(_ text: String, _ authorization: String = authorization) -> String {
        var bytes = Array(text.utf8)
        let mask = SecretMask(authorization: Array(authorization.utf8))
        let isMasked = mask?.mask(&bytes)
        let result = String(decoding: bytes, as: UTF8.self)
        #expect((isMasked ?? false) == (result != text))
        #expect(result.utf8.count == text.utf8.count, "what is JSON stays JSON")
        return result
    }

    @Test("it is masked wherever it stands, as often as it stands there")
    func plain() {
        #expect(Self.masked("bad token: Bearer eyJh/bGci+Oi==") == "bad token: Bearer \(Self.stars)")
        #expect(Self.masked("eyJh/bGci+Oi==") == String(repeating: "*", count: 14))
        #expect(
            Self.masked("[eyJh/bGci+Oi==eyJh/bGci+Oi==]") == "[" + String(repeating: "*", count: 28) + "]")
    }

    @Test(
        "it is found in other spellings",
        arguments: [
            "eyJh\\/bGci+Oi==", "eyJh%2FbGci%2BOi%3D%3D", "eyJh%2fbGci%2bOi%3d%3d", "eyJh\\u002fbGci\\u002BOi==",
            "%65yJh/bGci+Oi==", "eyJh~1bGci+Oi==", "\\u0065yJh/bGci+Oi==", "eyJh%2FbGci+Oi%3d=",
        ])
    func spellings(quoted: String) {
        #expect(Self.masked("<\(quoted)>") == "<" + String(repeating: "*", count: quoted.utf8.count) + ">")
    }

    @Test("it is found at every place of a long text, among letters that look like its beginning", arguments: 0..<40)
    func everyPlace(position: Int) {
        for quoted in ["eyJh/bGci+Oi==", "%65yJh/bGci+Oi==", "e%79Jh/bGci+Oi==", "\\u0065yJh/bGci+Oi=="] {
            let before = String(repeating: "e", count: position)
            let after = String(repeating: "ey%~\\", count: 40 - position)
            let stars = String(repeating: "*", count: quoted.utf8.count)
            #expect(Self.masked(before + quoted + after) == before + stars + after)
        }
    }

    @Test(
        "what is not the secret is left alone",
        arguments: [
            "", "eyJh", "Bearer ", "eyJh/bGci+OI==", "EYJH/BGCI+OI==", "%", "\\", "\\u00", "%6", "eeyJh/bG",
            "eyJh/bGci-Oi==",
        ])
    func others(text: String) { #expect(Self.masked(text) == text) }

    @Test("a text that ends within the secret gives away none of it")
    func cut() {
        #expect(Self.masked("token eyJh/bGci+O") == "token ***********")
        #expect(Self.masked("token eyJh/bGc") == "token ********")
        #expect(Self.masked("token eyJh/bG") == "token eyJh/bG", "a few characters are no secret")
    }

    @Test("a value without a scheme is one secret; none, and what is too short, is nothing to mask")
    func values() {
        #expect(Self.masked("key k-123456", "k-123456") == "key ********")
        #expect(SecretMask(authorization: nil) == nil)
        #expect(SecretMask(authorization: Array("Bearer abc".utf8)) == nil)
        #expect(SecretMask(authorization: Array("Bearer ".utf8)) == nil)
        #expect(SecretMask(authorization: []) == nil)
    }

    private static func problem(_ status: Int, _ body: String, requestID: String? = nil) throws -> (Problem?, String) {
        let plan = try TargetPlan(targetName: "elastic-path", dialect: Dialect(named: "elastic-path"))
        let answer = VendorAnswer(status: status, body: Array(body.utf8), requestID: requestID)
        let folded = Translator().fold(
            answer, to: nil, operation: .update, for: plan,
            secret: SecretMask(authorization: Array(self.authorization.utf8)))
        guard case .problem(let problem) = folded else { return (nil, String(decoding: answer.body, as: UTF8.self)) }
        return (problem, String(decoding: problem.json(requestID: "r"), as: UTF8.self))
    }

    @Test(
        "it is in no part of a problem",
        arguments: [
            (401, #"{"errors":[{"title":"bad Bearer eyJh\/bGci+Oi==","detail":"no eyJh/bGci+Oi=="}]}"#),
            (422, #"{"errors":[{"detail":"data.attributes.sku: eyJh/bGci+Oi== is no sku","code":"eyJh/bGci+Oi=="}]}"#),
            (422, #"{"errors":[{"detail":"x","source":"/data/attributes/custom_inputs/eyJh~1bGci+Oi=="}]}"#),
            (404, #"{"errors":[{"detail":"x","meta":{"missing_ids":["eyJh/bGci+Oi=="]}}]}"#),
            (500, "eyJh/bGci+Oi=="),
            (200, #"{"errors":[{"detail":"eyJh/bGci+Oi=="}]}"#),
        ])
    func problems(status: Int, body: String) throws {
        let (problem, json) = try Self.problem(status, body, requestID: "id eyJh/bGci+Oi==")
        #expect(problem != nil)
        #expect(!json.contains("bGci"), "\(json)")
    }

    @Test("what is logged of an answer that was not understood does not have it either")
    func excerpt() throws {
        let plan = try TargetPlan(
            targetName: "cor", dialect: Dialect(named: "cor"), options: .init(parameters: ["source": "SAP"]))
        let answer = VendorAnswer(status: 200, body: Array("you sent eyJh/bGci+Oi==".utf8))
        _ = Translator().fold(
            answer, to: nil, operation: .update, for: plan,
            secret: SecretMask(authorization: Array(Self.authorization.utf8)))
        #expect(String(decoding: answer.body, as: UTF8.self) == "you sent " + String(repeating: "*", count: 14))
    }

    @Test("a document that is passed on as it is has it masked, a product that is read does not lose anything")
    func successes() throws {
        let plan = try TargetPlan(
            targetName: "cor", dialect: Dialect(named: "cor"), options: .init(parameters: ["source": "SAP"]))
        let mask = SecretMask(authorization: Array(Self.authorization.utf8))
        for keepsProduct in [true, false] {
            let answer = VendorAnswer(status: 200, body: Array(#"{"id":1,"name":"eyJh/bGci+Oi=="}"#.utf8))
            let folded = Translator().fold(
                answer, to: nil, operation: .update, for: plan, keepsProduct: keepsProduct, secret: mask)
            guard case .product = folded else {
                Issue.record("\(folded)")
                continue
            }
            #expect(String(decoding: answer.body, as: UTF8.self).contains("bGci") == keepsProduct)
        }
    }
}
