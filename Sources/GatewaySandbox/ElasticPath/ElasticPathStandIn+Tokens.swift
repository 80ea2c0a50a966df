/// Elastic Path's OAuth 2.0, as its authentication page has it: everything in a form.
extension ElasticPathStandIn {
    mutating func answerToken(_ call: VendorCall) -> VendorAnswer? {
        guard call.target.segments == ["oauth", "access_token"] else { return nil }
        guard call.method == "POST" else { return self.plainError(405, "Method Not Allowed") }
        guard call.contentType == "application/x-www-form-urlencoded" else {
            return ElasticPathError.plain(
                400, "Bad Request", detail: "The content type must be application/x-www-form-urlencoded")
        }
        let form = PercentEncoding.pairs(String(decoding: call.body, as: UTF8.self))
        func value(_ name: String) -> String? { form.first { $0.name == name }?.value }
        guard value("grant_type") == "client_credentials" else {
            return ElasticPathError.plain(400, "Bad Request", detail: "The grant_type must be client_credentials")
        }
        guard let id = value("client_id"), let secret = value("client_secret") else {
            return ElasticPathError.plain(
                400, "Bad Request", detail: "The client_id and client_secret fields are required")
        }
        guard id == self.credentials.elasticPathClientID, secret == self.credentials.elasticPathClientSecret else {
            return ElasticPathError.plain(
                401, "Unauthorized", detail: "The client credentials could not be verified")
        }
        let issued = self.tokens.issue(now: call.now)
        return VendorAnswer(
            status: 200,
            json: [
                "access_token": .string(issued.accessToken), "token_type": "Bearer",
                "expires_in": SandboxJSON(Int(self.tokenLifetimeSeconds)),
                "expires": SandboxJSON(Int(issued.expires)), "identifier": "client_credentials",
            ])
    }

    func refuseBearer(_ call: VendorCall) -> VendorAnswer? {
        guard let token = call.credential("bearer"),
            token == self.credentials.elasticPathToken || self.tokens.isLive(token, now: call.now)
        else { return ElasticPathError.expiredToken() }
        return nil
    }

    func plainError(_ status: Int, _ message: String) -> VendorAnswer {
        ElasticPathError.plain(status, message)
    }

    var tokensIssued: Int { self.tokens.issuedCount }

    mutating func expireTokens() {
        self.tokens.expireAll()
    }
}
