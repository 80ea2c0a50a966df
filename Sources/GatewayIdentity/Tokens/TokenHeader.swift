import GatewayJSON

/// The header of a token (RFC 7515 section 4), as far as it counts.
///
/// Keys that a header brings or points to (`jwk`, `jku`, `x5u`, `x5c`) are never looked at: whoever makes a token could
/// choose them (RFC 8725 sections 3.1 and 3.10).
struct TokenHeader: Sendable {
    let algorithm: SignatureAlgorithm
    let keyID: ExactText?
    let type: ExactText?

    init(_ node: JSONNode) throws(TokenRefusal) {
        guard node.kind == .object else { throw .malformed }
        guard let name = node["alg"]?.exactText else { throw .malformed }
        guard let algorithm = SignatureAlgorithm(name) else { throw .algorithm }
        self.algorithm = algorithm
        // An extension that has to be understood, and none is (RFC 7515 section 4.1.11); `b64` is one even where nobody
        // says that it is critical (RFC 7797 section 6).
        guard node["crit"] == nil, node["b64"] == nil else { throw .critical }
        if let id = node["kid"] {
            guard let text = id.exactText, text.bytes.count <= CompactToken.keyIDBytesMax else { throw .malformed }
            self.keyID = text
        } else {
            self.keyID = nil
        }
        if let type = node["typ"] {
            guard let text = type.exactText else { throw .malformed }
            self.type = text
        } else {
            self.type = nil
        }
    }

    /// Whether it says that this is an access token (RFC 9068 section 2.1; RFC 7515 section 4.1.9: the prefix may be
    /// left out).
    var isAccessToken: Bool {
        guard let bytes = self.type?.bytes else { return false }
        let type = ExactText(bytes: bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 })
        return type == "at+jwt" || type == "application/at+jwt"
    }
}
