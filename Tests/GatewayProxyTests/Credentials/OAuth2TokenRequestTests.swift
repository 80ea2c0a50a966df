import GatewayTranslation
import Testing

@testable import GatewayProxy

@Suite("Asking for a token, and reading the answer")
struct OAuth2TokenRequestTests {
    private static func request(
        _ style: OAuth2TokenRequest.Style, path: String = "/oauth/access_token", id: String = "client",
        secret: String = "s3cret", scope: String? = nil
    ) -> UpstreamRequest {
        var random = SeededGenerator(seed: 1)
        return OAuth2TokenRequest(
            style: style, path: Array(path.utf8), clientID: Array(id.utf8),
            clientSecret: Array(secret.utf8), scope: scope
        ).makeRequest(requestID: RequestID(from: &random))
    }

    private static func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    private static func read(
        _ body: String, status: Int = 200
    ) -> Result<(token: [UInt8], lifetimeSeconds: UInt64), TokenFailure> {
        OAuth2TokenRequest(style: .form, path: [], clientID: [], clientSecret: [], scope: nil)
            .read(VendorAnswer(status: status, body: Array(body.utf8)))
    }

    @Test("Elastic Path is asked with a form, byte for byte as it documents it")
    func form() {
        let request = Self.request(.form, id: "my client", secret: "a+b&c=d%é")
        #expect(request.method == "POST")
        #expect(Self.text(request.content.path) == "/oauth/access_token")
        #expect(
            Self.text(request.body)
                == "grant_type=client_credentials&client_id=my+client&client_secret=a%2Bb%26c%3Dd%25%C3%A9")
        #expect(request.authorization == nil)
        #expect(request.content.headers.contains { $0 == ("content-type", "application/x-www-form-urlencoded") })
    }

    @Test("COR is asked with grant_type in the query and Basic credentials, without a body")
    func queryAndBasic() {
        let request = Self.request(.queryAndBasic, path: "/v1/oauth/token", id: "API_KEY", secret: "CLIENT_SECRET")
        #expect(request.method == "POST")
        #expect(Self.text(request.content.path) == "/v1/oauth/token?grant_type=client_credentials")
        #expect(Self.text(request.authorization) == "Basic QVBJX0tFWTpDTElFTlRfU0VDUkVU")
        #expect(request.body == [])
        #expect(!request.content.headers.contains { $0.name == "content-type" })
    }

    @Test("a scope goes where the grant goes, and a path that has a query keeps it")
    func scope() {
        #expect(
            Self.text(Self.request(.form, scope: "a b").body)
                == "grant_type=client_credentials&scope=a+b&client_id=client&client_secret=s3cret")
        #expect(
            Self.text(Self.request(.queryAndBasic, path: "/t?x=1", scope: "a b").content.path)
                == "/t?x=1&grant_type=client_credentials&scope=a+b")
    }

    @Test("the secret is in no text that describes the request")
    func description() {
        let request = OAuth2TokenRequest(
            style: .form, path: [], clientID: Array("id".utf8), clientSecret: Array("s3cret".utf8), scope: nil)
        #expect(!"\(request)".contains("s3cret"))
    }

    @Test(
        "both documented shapes of the answer are read",
        arguments: [
            #"{"access_token":"xa35","token_type":"Bearer","expires_in":3600,"expires":1524486008}"#,
            #"{"data":{"access_token":"xa35","token_type":"bearer","expires_in":3600}}"#,
            #"{"access_token":"xa35","expires_in":3600,"refresh_token":"r"}"#,
        ])
    func success(body: String) {
        guard case .success((let token, let lifetime)) = Self.read(body) else {
            Issue.record("not read")
            return
        }
        #expect(Self.text(token) == "xa35")
        #expect(lifetime == 3_600)
    }

    @Test(
        "a lifetime is understood as a number, as a text, and with a fraction, which is left out",
        arguments: [
            ("3599", 3_599), (#""3599""#, 3_599), ("3599.5", 3_599), (#""3599.5""#, 3_599), ("3599.0", 3_599),
            ("1", 1), (#""0003599""#, 3_599), ("9007199254740993", 9_007_199_254_740_993),
        ])
    func lifetimes(written: String, seconds: UInt64) {
        guard case .success((_, let lifetime)) = Self.read(#"{"access_token":"a","expires_in":\#(written)}"#) else {
            Issue.record("not read")
            return
        }
        #expect(lifetime == seconds)
    }

    @Test(
        "without a lifetime that can be read a token is taken for an hour",
        arguments: [
            "", #","expires_in":null"#, #","expires_in":"soon""#, #","expires_in":"3600 s""#, #","expires_in":"""#,
            #","expires_in":"3600.""#, #","expires_in":"3600.5e1""#, #","expires_in":3.6e3"#, #","expires_in":[60]"#,
            #","expires_in":true"#, #","expires_in":99999999999999999999999"#,
        ])
    func noLifetime(member: String) {
        guard case .success((_, let lifetime)) = Self.read(#"{"access_token":"a"\#(member)}"#) else {
            Issue.record("not read")
            return
        }
        #expect(lifetime == 3_600)
    }

    @Test("a token that no server would take is none")
    func longToken() {
        let longest = String(repeating: "t", count: OAuth2TokenRequest.tokenBytesMax)
        guard case .success((let token, _)) = Self.read(#"{"access_token":"\#(longest)"}"#) else {
            Issue.record("not read")
            return
        }
        #expect(token.count == longest.utf8.count)
        guard case .failure(.unintelligible) = Self.read(#"{"access_token":"\#(longest)t"}"#) else {
            Issue.record("taken")
            return
        }
    }

    @Test("an answer of which no token needs as much is not looked at")
    func longAnswer() {
        func read(_ count: Int) -> Result<(token: [UInt8], lifetimeSeconds: UInt64), TokenFailure> {
            Self.read(#"{"access_token":"t","scope":"\#(String(repeating: "s", count: count))"}"#)
        }
        guard case .success = read(100_000), case .failure(.unintelligible) = read(200_000) else {
            Issue.record("a long answer is read, or one with many scopes is not")
            return
        }
    }

    @Test(
        "an answer that is no token is not understood, whatever its shape",
        arguments: [
            "", "null", "[]", "42", "\"token\"", "<html>", "{", "{}", #"{"access_token":null}"#,
            #"{"access_token":""}"#, #"{"access_token":7}"#, #"{"access_token":["a"]}"#,
            #"{"access_token":"a b"}"#, #"{"access_token":"a\r\nx: y"}"#, #"{"access_token":"é"}"#,
            #"{"access_token":"a","token_type":"mac"}"#, #"{"access_token":"a","expires_in":0}"#,
            #"{"access_token":"a","expires_in":-5}"#, #"{"access_token":"a","expires_in":"0"}"#,
            #"{"access_token":"a","expires_in":0.5}"#, #"{"access_token":"a","expires_in":"-0.5"}"#,
            #"{"data":null}"#, #"{"data":[{"access_token":"a"}]}"#,
            String(repeating: "[", count: 100_000),
        ])
    func garbage(body: String) {
        switch Self.read(body) {
        case .failure(.unintelligible): break
        case .success: Issue.record("taken for a token")
        case .failure(let failure): Issue.record("\(failure)")
        }
    }

    @Test(
        "statuses tell a rejected client from a vendor in trouble",
        arguments: [
            (400, TokenFailure.rejected(status: 400)), (401, .rejected(status: 401)),
            (403, .rejected(status: 403)), (404, .vendorError(status: 404)),
            (429, .vendorError(status: 429)), (500, .vendorError(status: 500)),
            (503, .vendorError(status: 503)), (204, .vendorError(status: 204)),
        ])
    func statuses(status: Int, expected: TokenFailure) {
        guard case .failure(let failure) = Self.read(#"{"access_token":"a"}"#, status: status) else {
            Issue.record("taken for a success")
            return
        }
        #expect(failure == expected)
    }
}
