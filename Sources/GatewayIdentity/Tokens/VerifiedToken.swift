package import GatewayJSON

/// A token that counts: its issuer has signed it, and it is good now, here and for whoever has shown it.
package struct VerifiedToken: Sendable {
    package let claims: TokenClaims
    /// The position of its issuer's rules.
    package let issuer: Int
    package let keyID: ExactText?
    /// It does not count from this second on; the skew is included.
    package let goodUntilEpochSeconds: Int
    /// The SHA-256 of the only certificate with which it counts; nil where it counts with any and none.
    package let certificate: Digest?
}
