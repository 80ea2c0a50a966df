import GatewayMetrics

extension TokenFailure {
    var counted: CredentialOutcome {
        switch self {
        case .rejected: .rejected
        case .unavailable: .unavailable
        case .vendorError: .vendorError
        case .unintelligible: .unintelligible
        }
    }
}
