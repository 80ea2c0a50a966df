import Foundation
import Testing

@testable import GatewaySandbox

struct TokenTests {
    let probe = SandboxProbe { $0.tokenLifetimeSeconds = 60 }

    private func corToken(
        _ query: String = "?grant_type=client_credentials",
        _ credentials: String = "sandbox-cor-key:sandbox-cor-secret", body: String = ""
    ) -> SandboxProbe.Answer {
        let basic = Data(credentials.utf8).base64EncodedString()
        return self.probe.ask(
            "POST", "/v1/oauth/token\(query)", body, token: nil,
            headers: [SandboxHeader("authorization", "Basic \(basic)")])
    }

    private func elasticPathToken(_ form: String) -> SandboxProbe.Answer {
        self.probe.ask(
            "POST", "/oauth/access_token", form, token: nil,
            headers: [SandboxHeader("content-type", "application/x-www-form-urlencoded")])
    }

    private static let form =
        "grant_type=client_credentials&client_id=sandbox-ep-client&client_secret=sandbox-ep-secret"

    @Test("COR issues a token for the query and Basic, in its documented shape")
    func corIssues() {
        let answer = self.corToken()
        #expect(answer.status == 200)
        #expect(answer.json?.object?.names.sorted() == ["access_token", "expires_in", "refresh_token", "token_type"])
        #expect(answer.json?["token_type"] == "Bearer")
        #expect(answer.json?["expires_in"] == 60)
    }

    @Test("COR refuses a wrong secret, a missing grant type, and a body")
    func corRefuses() {
        let wrong = self.corToken("?grant_type=client_credentials", "sandbox-cor-key:wrong")
        #expect(wrong.status == 401)
        #expect(wrong.text == #"{"error":401,"message":"Unauthorized"}"#)
        #expect(self.corToken("").status == 400)
        #expect(self.corToken(body: "grant_type=client_credentials").status == 400)
    }

    @Test("COR takes a refresh token, once")
    func corRefreshes() throws {
        let refresh = try #require(self.corToken().json?["refresh_token"]?.string)
        func ask() -> SandboxProbe.Answer {
            self.probe.ask(
                "POST", "/v1/oauth/refreshtoken", "refresh_token=\(refresh)", token: nil,
                headers: [SandboxHeader("content-type", "application/x-www-form-urlencoded")])
        }
        #expect(ask().status == 200)
        #expect(ask().status == 401)
    }

    @Test("Elastic Path issues a token for its form, in its documented shape")
    func elasticPathIssues() {
        let answer = self.elasticPathToken(Self.form)
        #expect(answer.status == 200)
        #expect(
            answer.json?.object?.names.sorted()
                == ["access_token", "expires", "expires_in", "identifier", "token_type"])
        #expect(answer.json?["expires"]?.integer == Int(SandboxProbe.documentedMoment) + 60)
        #expect(answer.json?["identifier"] == "client_credentials")
    }

    @Test("Elastic Path refuses a wrong secret with 401 and a wrong form with 400")
    func elasticPathRefuses() {
        let wrong = self.elasticPathToken(Self.form.replacing("ep-secret", with: "wrong"))
        #expect(wrong.status == 401)
        #expect(wrong.json?["errors"]?.array?.first?["status"] == "401")
        #expect(self.elasticPathToken("grant_type=client_credentials").status == 400)
        #expect(self.elasticPathToken("").status == 400)
        let json = #"{"grant_type":"client_credentials"}"#
        #expect(self.probe.ask("POST", "/oauth/access_token", json, token: nil).status == 400)
    }

    @Test("a token is good until its lifetime is over, then gets the vendor's 401")
    func expiry() throws {
        let cor = try #require(self.corToken().json?["access_token"]?.string)
        let elasticPath = try #require(self.elasticPathToken(Self.form).json?["access_token"]?.string)
        func askCOR() -> SandboxProbe.Answer {
            self.probe.ask("PUT", "/v2/integrations/products/EXT-PROD-12345", CORStandInTests.update, token: cor)
        }
        func askElasticPath() -> SandboxProbe.Answer {
            self.probe.ask("GET", "/pcm/products/60afe403-a191-455e-b771-c510c928a308", token: elasticPath)
        }
        self.probe.advance(seconds: 59)
        #expect(askCOR().status == 200)
        #expect(askElasticPath().status == 200)
        self.probe.advance(seconds: 1)
        #expect(askCOR().text == #"{"error":401,"message":"Unauthorized"}"#)
        #expect(askElasticPath().text == #"{"errors":[{"status":401,"title":"Unable to validate access token"}]}"#)
    }

    @Test("the control API expires every token at once")
    func controlledExpiry() throws {
        let token = try #require(self.elasticPathToken(Self.form).json?["access_token"]?.string)
        #expect(self.probe.control("POST", "tokens/expire?vendor=elastic-path").status == 200)
        #expect(self.probe.ask("GET", "/pcm/products/x", token: token).status == 401)
    }

    @Test("no bearer, or another vendor's, is refused in each vendor's shape")
    func missingBearer() {
        let cor = self.probe.ask("PUT", "/v2/integrations/products/x", "{}", token: nil)
        #expect(cor.status == 401)
        #expect(cor.json?["error"] == 401)
        let softwareOne = self.probe.ask("GET", "/v1/catalog/products/PRD-1234-1234", token: "x")
        #expect(softwareOne.status == 401)
        #expect(softwareOne.json?["title"] == "Unauthorized")
        let catalogue = self.probe.ask("GET", "/catalogue/products/x", token: "sandbox-cor-token")
        #expect(catalogue.status == 401)
        #expect(catalogue.json?["message"] == "Invalid API key.")
    }

    @Test("as many tokens live as the limit allows, the newest of them")
    func tokenLimit() throws {
        let probe = SandboxProbe { $0.limits.tokensMax = 2 }
        let tokens = try (0..<3).map { _ in
            try #require(
                probe.ask(
                    "POST", "/oauth/access_token", Self.form, token: nil,
                    headers: [SandboxHeader("content-type", "application/x-www-form-urlencoded")]
                ).json?["access_token"]?.string)
        }
        let statuses = tokens.map { probe.ask("GET", "/pcm/products/x", token: $0).status }
        #expect(statuses == [401, 404, 404])
    }

    @Test("environment variables override the credentials")
    func environment() {
        let credentials = SandboxCredentials(environment: [
            "SANDBOX_COR_CLIENT_SECRET": "other", "SANDBOX_CATALOGUE_TOKEN": "", "SANDBOX_EP_CLIENT_ID": "me",
        ])
        #expect(credentials.corClientSecret == "other")
        #expect(credentials.elasticPathClientID == "me")
        #expect(credentials.catalogueToken == "sandbox-catalogue-token")
    }
}
