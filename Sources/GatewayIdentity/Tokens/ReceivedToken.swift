package import GatewayJSON

/// A token as it came, with the issuer that it names: everything that can be decided without a key.
///
/// The rules are those of RFC 8725 (and of the text that replaces it, rfc8725bis), in a fixed order, and each fails
/// closed: size and form; algorithm; critical parameters; type; issuer; then, with the issuer's keys, the signature,
/// the dates, the audience, the lifetime, and what the token is bound to.
package struct ReceivedToken: Sendable {
    private let token: CompactToken
    private let rules: IssuerRules
    package let claims: TokenClaims
    /// Which of the issuers has to answer for it: the position of its rules.
    package let issuer: Int

    package var keyID: ExactText? { self.token.keyID }

    /// - Parameter issuers: the rules of all issuers.
    package init(_ text: UnsafeBufferPointer<UInt8>, issuers: [IssuerRules]) throws(TokenRefusal) {
        let token = try CompactToken(text)
        guard issuers.contains(where: { $0.algorithms.contains(token.algorithm) }) else { throw .algorithm }
        let claims = try TokenClaims(token.payload)
        guard let name = claims.issuer, let position = issuers.firstIndex(where: { $0.issuer == name }) else {
            throw .issuer
        }
        let rules = issuers[position]
        guard rules.algorithms.contains(token.algorithm) else { throw .algorithm }
        guard !rules.wantsAccessTokens || token.header.isAccessToken else { throw .type }
        self.token = token
        self.rules = rules
        self.claims = claims
        self.issuer = position
    }

    package init(_ text: [UInt8], issuers: [IssuerRules]) throws(TokenRefusal) {
        let result: Result<ReceivedToken, TokenRefusal> = text.withUnsafeBufferPointer { bytes in
            do throws(TokenRefusal) {
                return .success(try ReceivedToken(bytes, issuers: issuers))
            } catch {
                return .failure(error)
            }
        }
        self = try result.get()
    }

    /// Holds the token against its issuer's keys, the clock and the certificate that its bearer has shown.
    ///
    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - certificate: the SHA-256 of the caller's certificate; nil where it has shown none.
    package func verify(
        _ keys: KeySet, nowEpochSeconds now: Int, certificate: Digest?
    ) throws(TokenRefusal) -> VerifiedToken {
        try self.token.checkSignature(keys)
        let skew = self.rules.clockSkewSeconds
        guard let expiry = self.claims.expiry else { throw .noExpiry }
        guard now < expiry + skew else { throw .expired }
        if let notBefore = self.claims.notBefore, now + skew < notBefore { throw .notYet }
        if let issuedAt = self.claims.issuedAt, now + skew < issuedAt { throw .issuedInFuture }
        guard self.claims.audiences.contains(where: self.rules.audiences.contains) else { throw .audience }
        // Without `iat` its life can only be told from here on.
        guard expiry - (self.claims.issuedAt ?? now) <= self.rules.lifetimeSecondsMax else { throw .lifetime }
        let binding = try self.binding()
        guard binding == nil || binding == certificate else { throw .confirmation }
        return VerifiedToken(
            claims: self.claims, issuer: self.issuer, keyID: self.token.keyID,
            goodUntilEpochSeconds: expiry + skew, certificate: binding)
    }

    /// The certificate that the token is bound to (RFC 8705 section 3.1). A token that is bound to anything else counts
    /// only with a proof that is not looked for here (RFC 9449), so that it does not count.
    private func binding() throws(TokenRefusal) -> Digest? {
        guard let confirmation = self.claims.confirmation else { return nil }
        let members = confirmation.members
        guard members.count == 1, ExactText(members[0].name) == "x5t#S256", let text = members[0].value.string,
            let bytes = Base64URL.decode(Array(text.utf8)), let digest = Digest(bytes: bytes)
        else { throw .confirmation }
        return digest
    }
}
