import GatewayJSON

/// One key of an issuer's key set (RFC 7517 section 4), as far as it verifies signatures of tokens.
struct IssuerKey: Sendable {
    /// Its name, by which tokens refer to it; nil where it has none.
    let id: ExactText?
    /// The only algorithm that it is for; nil where it does not say.
    let algorithm: SignatureAlgorithm?
    let key: PublicKey

    /// Why a member of a set is left out.
    enum Objection: Error, Sendable, Equatable {
        /// Of a type, a curve or an algorithm that tokens here are not signed with.
        case unknownKind
        /// For something else than verifying signatures.
        case otherUse
        /// Its private part is there: whoever can read the set could sign.
        case isPrivate
        /// As many of its name are there already as are tried.
        case oneTooMany
        /// Not a key: a member is missing, or does not hold what it should.
        case broken
    }

    init(_ node: JSONNode) throws(Objection) {
        guard node.kind == .object, let type = node["kty"]?.exactText else { throw .broken }
        guard !Self.privateMembers.contains(where: { node[$0] != nil }) else { throw .isPrivate }
        if let use = node["use"], use.exactText != "sig" { throw .otherUse }
        if let operations = node["key_ops"], !operations.elements.contains(where: { $0.exactText == "verify" }) {
            throw .otherUse
        }
        let shape = try Self.shape(type: type, curve: node["crv"]?.exactText)
        if let name = node["alg"] {
            guard let algorithm = name.exactText.flatMap({ SignatureAlgorithm($0) }) else { throw .unknownKind }
            guard shape.fits(algorithm) else { throw .broken }
            self.algorithm = algorithm
        } else {
            self.algorithm = nil
        }
        if let id = node["kid"] {
            guard let id = id.exactText, id.bytes.count <= CompactToken.keyIDBytesMax else { throw .broken }
            self.id = id
        } else {
            self.id = nil
        }
        guard let key = Self.key(shape, node) else { throw .broken }
        self.key = key
    }

    /// Of RSA, elliptic and symmetric keys (RFC 7518 sections 6.2.2, 6.3.2 and 6.4).
    private static let privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]

    private static func shape(type: ExactText, curve: ExactText?) throws(Objection) -> KeyShape {
        if type == "RSA" { return .rsa }
        guard let curve, let shape = KeyShape(curve: curve), ExactText(shape.type) == type else { throw .unknownKind }
        return shape
    }

    private static func key(_ shape: KeyShape, _ node: JSONNode) -> PublicKey? {
        func bytes(_ name: String) -> [UInt8]? { node[name]?.string.flatMap { Base64URL.decode(Array($0.utf8)) } }
        switch shape {
        case .rsa:
            guard let modulus = bytes("n"), let exponent = bytes("e") else { return nil }
            return .rsa(modulus: modulus, exponent: exponent)
        case .p256, .p384:
            guard let x = bytes("x"), let y = bytes("y") else { return nil }
            return .elliptic(shape, x: x, y: y)
        case .ed25519, .ed448:
            return bytes("x").flatMap { .edwards(shape, x: $0) }
        }
    }

    /// Whether a token with this header may have been signed with the key.
    func fits(_ header: TokenHeader) -> Bool {
        (header.keyID == nil || header.keyID == self.id)
            && self.key.shape.fits(header.algorithm)
            && (self.algorithm == nil || self.algorithm == header.algorithm)
    }
}
