import GatewayIdentity

/// The callers of a configuration, by what proves them. Immutable, shared by all event loops: a reload makes a new one.
final class CallerDirectory: Sendable {
    let callers: [Caller]
    /// Whether requests that prove nothing may come in.
    let allowsAnonymous: Bool
    /// The rules of the issuers, and their keys, by the same positions.
    let issuers: [IssuerRules]
    let issuerNames: [String]
    let keySets: [KeySetSource]
    private let byURI: [String: Caller]
    private let byDNSName: [String: Caller]
    private let ring: KeyRing
    private let keyIdentities: [Identity]
    /// By issuer.
    private let tokenMatches: [[TokenMatch]]

    init(
        callers: [Caller], allowsAnonymous: Bool, byURI: [String: Caller], byDNSName: [String: Caller],
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

    /// Whose a certificate is: by its URI, or by its DNS names where all that are anybody's are one caller's.
    func identity(of certificate: PeerCertificate) -> Identity? {
        let byName = certificate.dnsNames.compactMap { self.byDNSName[$0] }
        let all = [certificate.uri.flatMap { self.byURI[$0] }].compactMap(\.self) + byName
        guard let first = all.first, all.allSatisfy({ $0 === first }) else { return nil }
        return Identity(first, by: .certificate(certificate.digest))
    }

    /// Whose a token is; nil where it is nobody's, or more than one's.
    func identity(of token: VerifiedToken) -> Identity? {
        let matches = self.tokenMatches[token.issuer].filter { $0.agrees(with: token.claims) }
        guard let first = matches.first, matches.allSatisfy({ $0.caller === first.caller }) else { return nil }
        return Identity(first.caller, by: .token(issuer: self.issuerNames[token.issuer], keyID: token.keyID))
    }
}
