package import GatewayConfiguration
package import GatewayIdentity
import GatewayJSON

extension IssuerConfiguration {
    /// What its tokens must be to count.
    package var rules: IssuerRules {
        IssuerRules(
            issuer: ExactText(self.issuer), audiences: self.audience.map { ExactText($0) },
            algorithms: self.algorithms.map { algorithm in
                switch algorithm {
                case .rs256: .rs256
                case .ps256: .ps256
                case .es256: .es256
                case .es384: .es384
                case .edDSA: .edDSA
                }
            },
            wantsAccessTokens: self.type == .accessToken,
            clockSkewSeconds: Int(self.clockSkew.components.seconds),
            lifetimeSecondsMax: Int(self.maxLifetime.components.seconds))
    }
}
