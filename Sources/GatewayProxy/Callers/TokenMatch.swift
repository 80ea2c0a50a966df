import GatewayIdentity

/// What a token must say to be a caller's.
struct TokenMatch: Sendable {
    let caller: Caller
    let subject: String?
    let clientID: String?
    let claims: [(name: String, value: String)]

    func agrees(with said: TokenClaims) -> Bool {
        (self.subject == nil || self.subject == said.subject)
            && (self.clientID == nil || self.clientID == said.clientID)
            && self.claims.allSatisfy { said.says($0.value, in: $0.name) }
    }
}
