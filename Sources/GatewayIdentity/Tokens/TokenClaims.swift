package import GatewayJSON

/// What a token says (RFC 7519 section 4), read and not yet believed.
package struct TokenClaims: Sendable {
    let document: JSONDocument
    /// `iss`.
    let issuer: ExactText?
    /// `sub`.
    package let subject: ExactText?
    /// The client that the token was issued to: `client_id` (RFC 9068 section 2.2), or `azp` as OpenID Connect has it.
    package let clientID: ExactText?
    let audiences: [ExactText]
    /// Seconds since 1970; absent where the token does not say.
    let expiry: Int?
    let notBefore: Int?
    let issuedAt: Int?

    init(_ payload: [UInt8]) throws(TokenRefusal) {
        guard let document = try? JSONDocument(parsing: payload, limits: CompactToken.limits),
            document.root.kind == .object
        else { throw .malformed }
        let root = document.root
        self.document = document
        self.issuer = try Self.text("iss", of: root)
        self.subject = try Self.text("sub", of: root)
        let (client, party) = (try Self.text("client_id", of: root), try Self.text("azp", of: root))
        self.clientID = client ?? party
        self.expiry = try Self.date("exp", of: root)
        self.notBefore = try Self.date("nbf", of: root)
        self.issuedAt = try Self.date("iat", of: root)
        guard let audience = root["aud"] else {
            self.audiences = []
            return
        }
        let texts = audience.kind == .array ? audience.elements.map(\.exactText) : [audience.exactText]
        guard texts.allSatisfy({ $0 != nil }) else { throw .malformed }
        self.audiences = texts.compactMap(\.self)
    }

    /// `cnf`: what the token is bound to (RFC 7800).
    var confirmation: JSONNode? { self.document.root["cnf"] }

    private static func text(_ name: String, of root: JSONNode) throws(TokenRefusal) -> ExactText? {
        guard let node = root[name] else { return nil }
        guard let text = node.exactText else { throw .malformed }
        return text
    }

    /// A NumericDate: a number, which may have a fraction (RFC 7519 section 2).
    private static func date(_ name: String, of root: JSONNode) throws(TokenRefusal) -> Int? {
        guard let node = root[name] else { return nil }
        guard node.kind == .number, let seconds = Double(String(decoding: node.rawBytes, as: UTF8.self)),
            // Beyond that it is no date of ours, and sums with it might not fit.
            abs(seconds) < 1e15
        else { throw .malformed }
        return Int(seconds.rounded(.down))
    }

    /// Whether a claim says a value: as its text, as one of the texts in its array, or among the words of `scope`
    /// (RFC 8693 section 4.2).
    ///
    /// - Parameter name: of a claim; one that begins with a slash is a pointer (RFC 6901) into the claims.
    package func says(_ value: ExactText, in name: ExactText) -> Bool {
        guard let claim = self.claim(name) else { return false }
        if claim.elements.contains(where: { $0.exactText == value }) { return true }
        guard let text = claim.exactText else { return false }
        return text == value
            || name == "scope" && text.bytes.split(separator: UInt8(ascii: " ")).contains { $0 == value.bytes[...] }
    }

    private func claim(_ name: ExactText) -> JSONNode? {
        let text = name.description
        guard name.bytes.first == UInt8(ascii: "/") else { return self.document.root[text] }
        var node = self.document.root
        for token in JSONPointer.tokens(text) ?? [] {
            guard let child = node[token] else { return nil }
            node = child
        }
        return node
    }
}
