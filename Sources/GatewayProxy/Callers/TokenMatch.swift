import GatewayIdentity
import GatewayJSON

/// What a token must say to be a caller's.
struct TokenMatch: Sendable {
    let caller: Caller
    let subject: ExactText?
    let clientID: ExactText?
    let claims: [(name: ExactText, value: ExactText)]

    func agrees(with said: TokenClaims) -> Bool {
        (self.subject == nil || self.subject == said.subject)
            && (self.clientID == nil || self.clientID == said.clientID)
            && self.claims.allSatisfy { said.says($0.value, in: $0.name) }
    }

    /// Whether both let the same tokens be the same caller's.
    func says(theSameAs other: TokenMatch) -> Bool {
        self.caller.name == other.caller.name && self.subject == other.subject && self.clientID == other.clientID
            && self.claims.elementsEqual(other.claims) { $0 == $1 }
    }
}
