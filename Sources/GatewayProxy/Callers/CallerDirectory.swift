import GatewayIdentity
import GatewayJSON

/// The callers of a configuration, by what proves them. Immutable, shared by all event loops: a reload makes a new one.
final class CallerDirectory: Sendable {
    let callers: [Caller]
    /// Whether requests that prove nothing may come in.
    let allowsAnonymous: Bool
    /// The rules of the issuers, and their keys, by the same positions.
    let issuers: [IssuerRules]
    let issuerNames: [String]
    let keySets: [KeySetSource]
    private let byURI: [ExactText: Caller]
    private let byDNSName: [ExactText: Caller]
    private let ring: KeyRing
    private let keyIdentities: [Identity]
    /// By issuer.
    private let tokenMatches: [[TokenMatch]]

    init(
        callers: [Caller], allowsAnonymous: Bool, byURI: [ExactText: Caller], byDNSName: [ExactText: Caller],
        keys: [(digest: Digest, caller: Caller)],
        issuers: [(name: String, rules: IssuerRules, keySet: KeySetSource, matches: [TokenMatch])]
    ) {
        self.callers = callers
        self.allowsAnonymous = allowsAnonymous
        self.byURI = byURI
        self.byDNSName = byDNSName
        self.ring = KeyRing(keys.map(\.digest))
        self.keyIdentities = keys.map { Identity($0.caller, by: .key($0.digest)) }
        self.issuers = issuers.map(\.rules)
        self.issuerNames = issuers.map(\.name)
        self.keySets = issuers.map(\.keySet)
        self.tokenMatches = issuers.map(\.matches)
    }

    /// Whose a key is.
    func identity(ofKey digest: Digest) -> Identity? {
        self.ring.position(of: digest).map { self.keyIdentities[$0] }
    }

    /// The caller that a certificate identifies, by its URI or its DNS names; nil where they are those of several
    /// callers, or of none.
    func identity(of certificate: PeerCertificate) -> Identity? {
        let byName = certificate.dnsNames.compactMap { self.byDNSName[ExactText($0)] }
        let all = [certificate.uri.flatMap { self.byURI[ExactText($0)] }].compactMap(\.self) + byName
        guard let first = all.first, all.allSatisfy({ $0 === first }) else { return nil }
        return Identity(
            first, by: .certificate(certificate.digest), endsAtEpochSeconds: certificate.notAfterEpochSeconds + 1)
    }

    /// Whose a token is; nil where it is nobody's, or more than one's.
    func identity(of token: VerifiedToken) -> Identity? {
        let matches = self.tokenMatches[token.issuer].filter { $0.agrees(with: token.claims) }
        guard let first = matches.first, matches.allSatisfy({ $0.caller === first.caller }) else { return nil }
        return Identity(
            first.caller, by: .token(issuer: self.issuerNames[token.issuer], keyID: token.keyID),
            endsAtEpochSeconds: token.goodUntilEpochSeconds)
    }

    /// Who somebody is in this configuration who was found out by an earlier one; nil where what proved it then proves
    /// nothing now, or somebody else, or where that cannot be told: a token is not kept, so that it counts on only
    /// where nothing about its issuer and the issuer's callers has changed.
    ///
    /// - Parameter certificate: what was shown.
    func identity(
        like identity: Identity, from before: CallerDirectory, certificate: PeerCertificate?
    ) -> Identity? {
        let found: Identity? =
            switch identity.proof {
            case .key(let digest): self.identity(ofKey: digest)
            case .certificate: certificate.flatMap { self.identity(of: $0) }
            case .token(let issuer, _):
                self.says(theSameAs: before, of: issuer)
                    ? self.callers.first { $0.name == identity.caller.name }.map {
                        Identity($0, by: identity.proof, endsAtEpochSeconds: identity.endsAtEpochSeconds)
                    } : nil
            }
        return found?.caller.name == identity.caller.name ? found : nil
    }

    private func says(theSameAs before: CallerDirectory, of issuer: String) -> Bool {
        guard let here = self.issuerNames.firstIndex(of: issuer),
            let there = before.issuerNames.firstIndex(of: issuer)
        else { return false }
        return self.issuers[here] == before.issuers[there]
            && self.tokenMatches[here].elementsEqual(before.tokenMatches[there]) { $0.says(theSameAs: $1) }
    }
}
