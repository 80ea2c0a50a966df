/// What whoever is reached at an endpoint is to the gateway, for the log.
enum UpstreamRole: Sendable, Equatable {
    /// Takes products of a target.
    case vendor
    /// Gives the tokens for a target's vendor.
    case tokenEndpoint
    /// Publishes the keys that callers' tokens are verified with. With its name in the configuration.
    case issuer(String)

    /// What the log calls it.
    var title: String {
        switch self {
        case .vendor: "vendor"
        case .tokenEndpoint: "token endpoint"
        case .issuer: "issuer"
        }
    }
}
