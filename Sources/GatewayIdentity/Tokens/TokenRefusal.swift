/// Why a token is refused: a closed list, in the order in which it is looked at.
package enum TokenRefusal: String, Error, Sendable, CaseIterable {
    case tooLong = "too_long"
    case malformed
    case algorithm
    case critical
    case type
    case issuer
    case unknownKey = "unknown_key"
    case noFittingKey = "no_fitting_key"
    case signature
    case noExpiry = "no_expiry"
    case expired
    case notYet = "not_yet"
    case issuedInFuture = "issued_in_future"
    case audience
    case lifetime
    case confirmation

    /// For the caller and the log: what is wrong, in a sentence without anything of the token.
    package var sentence: String {
        switch self {
        case .tooLong: "The token is longer than \(CompactToken.bytesMax) bytes."
        case .malformed: "The token is not a signed JSON Web Token in its compact form."
        case .algorithm: "The token is signed by an algorithm that is not accepted."
        case .critical: "The token has a critical header parameter, and none is understood."
        case .type: "The token is of another type than this issuer's access tokens."
        case .issuer: "The token's issuer is not one that is accepted."
        case .unknownKey: "The token is signed with a key that its issuer does not publish."
        case .noFittingKey: "Its issuer has no key, or several, that can have signed the token as its header says."
        case .signature: "The token's signature is wrong."
        case .noExpiry: "The token does not say when it ends."
        case .expired: "The token has expired."
        case .notYet: "The token is not valid yet."
        case .issuedInFuture: "The token was issued in the future."
        case .audience: "The token is for another audience."
        case .lifetime: "The token lives longer than is accepted."
        case .confirmation: "The token is bound to a key or a certificate that was not shown."
        }
    }
}
