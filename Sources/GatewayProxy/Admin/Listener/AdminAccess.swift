import GatewayIdentity
import NIOHTTP1

/// Who may look at what the admin listener shows: whoever sends one of the keys, where there are keys; where there are
/// none and operators' certificates are asked for, whoever has shown one. Immutable.
///
/// A key comes as `authorization: Bearer …`, or as the password of Basic authorization, which browsers ask for.
struct AdminAccess: Sendable {
    private let ring: KeyRing
    /// Whether `/livez` and `/readyz` need no key: who asks them often has none, and they tell nothing.
    private let opensHealthChecks: Bool

    /// Whether operators are asked for certificates.
    private let asksForCertificates: Bool

    /// - Parameter keys: SHA-256 digests in hexadecimal digits; without any, and where nobody is asked for a
    ///   certificate, everybody may look.
    init(keys: [String], opensHealthChecks: Bool, asksForCertificates: Bool = false) {
        self.ring = KeyRing(keys.compactMap { Digest(hexadecimal: $0) })
        self.asksForCertificates = asksForCertificates
        self.opensHealthChecks = opensHealthChecks
    }

    /// Keys of our own have 53 characters.
    private static let keyBytesMax = 512

    func admits(_ request: AdminRequest) -> Bool {
        if self.opensHealthChecks, request.path == "/livez" || request.path == "/readyz" { return true }
        guard !self.ring.isEmpty else { return !self.asksForCertificates || request.hasCertificate }
        let values = request.head.headers["authorization"]
        guard values.count == 1, let key = Self.key(in: values[0]), key.count <= Self.keyBytesMax,
            let digest = Digest(of: key)
        else { return false }
        return self.ring.position(of: digest) != nil
    }

    private static func key(in value: String) -> [UInt8]? {
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        switch parts[0].lowercased() {
        case "bearer": return Array(parts[1].utf8)
        case "basic":
            guard let pair = Base64.decode(Array(parts[1].utf8)), let colon = pair.firstIndex(of: UInt8(ascii: ":"))
            else {
                return nil
            }
            return Array(pair[(colon + 1)...])
        default: return nil
        }
    }
}

extension AdminAccess {
    /// For whoever may not look.
    var refusal: AdminAnswer {
        guard !self.ring.isEmpty else {
            return AdminAnswer(.unauthorized, text: "the admin listener wants a client certificate\n")
        }
        return AdminAnswer(
            .unauthorized, text: "the admin listener wants a key\n",
            fields: [
                ("www-authenticate", "Bearer realm=\"product-gateway\""),
                ("www-authenticate", "Basic realm=\"product-gateway\", charset=\"UTF-8\""),
            ])
    }
}
