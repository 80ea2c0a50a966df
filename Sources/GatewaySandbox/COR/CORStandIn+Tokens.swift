import FoundationEssentials

/// COR's OAuth 2.0, as its quickstart has it: the grant type in the query, the credentials in Basic, no body.
extension CORStandIn {
    mutating func answerToken(_ call: VendorCall) -> VendorAnswer? {
        switch call.target.segments {
        case ["v1", "oauth", "token"]: self.issueToken(call)
        case ["v1", "oauth", "refreshtoken"]: self.refreshToken(call)
        default: nil
        }
    }

    private mutating func issueToken(_ call: VendorCall) -> VendorAnswer {
        guard call.method == "POST" else { return self.plainError(405, "Method Not Allowed") }
        guard call.target.query("grant_type") == "client_credentials" else {
            return CORError.custom(
                400, name: "CORCustomError", code: "OA001", "grant_type=client_credentials is required in the query")
        }
        guard call.body.isEmpty else {
            return CORError.custom(400, name: "CORCustomError", code: "OA002", "The token request takes no body")
        }
        let expected = "\(self.credentials.corAPIKey):\(self.credentials.corClientSecret)"
        guard let basic = call.credential("basic"), let data = Data(base64Encoded: basic),
            String(decoding: data, as: UTF8.self) == expected
        else {
            return self.plainError(401, "Unauthorized")
        }
        return self.tokenAnswer(now: call.now)
    }

    private mutating func refreshToken(_ call: VendorCall) -> VendorAnswer {
        guard call.method == "POST" else { return self.plainError(405, "Method Not Allowed") }
        let form = PercentEncoding.pairs(String(decoding: call.body, as: UTF8.self))
        guard let token = form.first(where: { $0.name == "refresh_token" })?.value else {
            return CORError.custom(400, name: "CORCustomError", code: "OA003", "refresh_token is required")
        }
        guard self.tokens.takeRefreshToken(token) else { return self.plainError(401, "Unauthorized") }
        return self.tokenAnswer(now: call.now)
    }

    private mutating func tokenAnswer(now: Double) -> VendorAnswer {
        let issued = self.tokens.issue(now: now)
        return VendorAnswer(
            status: 200,
            json: [
                "access_token": .string(issued.accessToken), "token_type": "Bearer",
                "expires_in": SandboxJSON(Int(self.tokenLifetimeSeconds)),
                "refresh_token": .string(issued.refreshToken),
            ])
    }

    func refuseBearer(_ call: VendorCall) -> VendorAnswer? {
        guard let token = call.credential("bearer") else { return self.plainError(401, "Unauthorized") }
        if token == self.credentials.corToken || self.tokens.isLive(token, now: call.now) { return nil }
        return self.plainError(401, "Unauthorized")
    }

    func plainError(_ status: Int, _ message: String) -> VendorAnswer {
        CORError.plain(status, message)
    }

    var tokensIssued: Int { self.tokens.issuedCount }

    mutating func expireTokens() {
        self.tokens.expireAll()
    }
}
