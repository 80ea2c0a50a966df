import GatewayJSON

/// The algorithms by which tokens may be signed (RFC 7518 section 3.1, RFC 8037 section 3.1): public keys only, so that
/// nobody who can verify a token can make one.
package enum SignatureAlgorithm: String, Sendable, CaseIterable {
    case rs256 = "RS256"
    case ps256 = "PS256"
    case es256 = "ES256"
    case es384 = "ES384"
    case edDSA = "EdDSA"
}

extension SignatureAlgorithm {
    /// The algorithm of that name, byte for byte.
    init?(_ name: ExactText) {
        guard let algorithm = Self.allCases.first(where: { ExactText($0.rawValue) == name }) else { return nil }
        self = algorithm
    }
}
