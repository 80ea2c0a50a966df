package import GatewayJSON

/// What one issuer's tokens must be to count.
package struct IssuerRules: Sendable, Equatable {
    /// What `iss` must say, to the letter.
    package var issuer: ExactText
    /// One of them must be in `aud`; never empty.
    package var audiences: [ExactText]
    package var algorithms: [SignatureAlgorithm]
    /// Whether `typ` must say that it is an access token (RFC 9068).
    package var wantsAccessTokens: Bool
    /// How far the clocks of issuer and gateway may be apart.
    package var clockSkewSeconds: Int
    /// The longest that a token may live.
    package var lifetimeSecondsMax: Int

    package init(
        issuer: ExactText, audiences: [ExactText], algorithms: [SignatureAlgorithm], wantsAccessTokens: Bool,
        clockSkewSeconds: Int, lifetimeSecondsMax: Int
    ) {
        self.issuer = issuer
        self.audiences = audiences
        self.algorithms = algorithms
        self.wantsAccessTokens = wantsAccessTokens
        self.clockSkewSeconds = clockSkewSeconds
        self.lifetimeSecondsMax = lifetimeSecondsMax
    }
}
