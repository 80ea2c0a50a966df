import GatewayJSON

/// What kind of key one is: its type and its curve (RFC 7518 section 6, RFC 8037 section 2).
package enum KeyShape: String, Sendable, CaseIterable {
    case rsa = "RSA"
    case p256 = "P-256"
    case p384 = "P-384"
    case ed25519 = "Ed25519"
    case ed448 = "Ed448"

    /// The `kty` of such a key.
    package var type: String {
        switch self {
        case .rsa: "RSA"
        case .p256, .p384: "EC"
        case .ed25519, .ed448: "OKP"
        }
    }

    /// Whether such a key can sign by `algorithm`: each curve has one (RFC 7518 section 3.4).
    package func fits(_ algorithm: SignatureAlgorithm) -> Bool {
        switch (self, algorithm) {
        case (.rsa, .rs256), (.rsa, .ps256), (.p256, .es256), (.p384, .es384), (.ed25519, .edDSA), (.ed448, .edDSA):
            true
        default: false
        }
    }

    /// Bytes of a coordinate of a point, or of the whole public key of an Edwards curve.
    var coordinateBytes: Int {
        switch self {
        case .rsa: 0
        case .p256, .ed25519: 32
        case .p384: 48
        case .ed448: 57
        }
    }
}

extension KeyShape {
    /// The shape of keys on the curve of that name, byte for byte.
    init?(curve: ExactText) {
        guard let shape = Self.allCases.first(where: { $0 != .rsa && ExactText($0.rawValue) == curve }) else {
            return nil
        }
        self = shape
    }
}
