import GatewayConfiguration
import GatewayTranslation

extension AcceptedProofs {
    /// What the callers of a configuration are known by; nil where there are none.
    init?(_ configuration: Configuration) {
        guard !configuration.callers.isEmpty else { return nil }
        self.init(keys: false, tokens: false, certificates: false, areOptional: configuration.anonymous == .allow)
        for proof in configuration.callers.values.flatMap(\.identify) {
            switch proof {
            case .certificateURI, .certificateDNSName: self.certificates = true
            case .keys: self.keys = true
            case .token: self.tokens = true
            }
        }
    }
}
