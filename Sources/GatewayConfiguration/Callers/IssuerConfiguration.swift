/// Who signs tokens that prove who a caller is.
package struct IssuerConfiguration: Sendable {
    package var name: String
    /// What `iss` says.
    package var issuer: String
    package var keySet: KeySetLocation
    package var audience: [String]
    package var algorithms: [TokenAlgorithm]
    package var type: TokenType
    package var clockSkew: Duration
    package var maxLifetime: Duration
    /// Path of a PEM file with the authorities that may vouch for the key set's server; absent: the system's.
    package var caFile: String?

    /// An issuer of access tokens (RFC 9068), with the usual skew.
    package init(
        name: String, issuer: String, keySet: KeySetLocation, audience: [String], algorithms: [TokenAlgorithm],
        maxLifetime: Duration
    ) {
        self.name = name
        self.issuer = issuer
        self.keySet = keySet
        self.audience = audience
        self.algorithms = algorithms
        self.type = .accessToken
        self.clockSkew = Self.standardClockSkew
        self.maxLifetime = maxLifetime
    }

    private static let standardClockSkew = Duration.seconds(30)
}

/// The algorithms by which a token may be signed.
package enum TokenAlgorithm: String, Sendable, CaseIterable {
    case rs256 = "RS256"
    case ps256 = "PS256"
    case es256 = "ES256"
    case es384 = "ES384"
    case edDSA = "EdDSA"
}

/// What a token must say that it is.
package enum TokenType: String, Sendable, CaseIterable {
    /// An access token of RFC 9068.
    case accessToken = "at+jwt"
    case any
}

extension IssuerConfiguration: ConfigurationObject {
    init?(reading reader: KeyReader) {
        let issuer = reader.required(
            "issuer", .issuerName, "What the tokens' `iss` says, to the letter.",
            examples: ["https://login.example.org"])
        let keySet = reader.required(
            "jwks", .keySet,
            """
            Where the issuer's public keys are: `{"file": path}`, `{"url": URL}`, or `{"discovery": true}`, which \
            reads `/.well-known/openid-configuration` below `issuer`. What is fetched comes over verified TLS; `http` \
            is taken on this machine only.
            """,
            examples: [
                ["url": "https://login.example.org/keys"], ["discovery": true], ["file": "/etc/gateway/jwks.json"],
            ])
        let audience = reader.required(
            "audience", .texts(noun: "an audience"),
            "What the tokens' `aud` must have one of: the gateway's own name at the issuer.",
            examples: [["https://gateway.example.org"]])
        self.algorithms = reader.value(
            "algorithms", .choices(TokenAlgorithm.self), default: [.es256, .rs256],
            "The algorithms by which its tokens may be signed.", examples: [["ES256"], ["RS256", "PS256"]])
        self.type = reader.value(
            "type", .choice(TokenType.self), default: .accessToken,
            """
            What the tokens' `typ` must say. `at+jwt`: access tokens of RFC 9068 only, so that an ID token of the same \
            issuer is no key to the gateway. `any`: not looked at, for issuers that do not say.
            """,
            examples: ["any"])
        self.clockSkew = reader.value(
            "clockSkew", .duration(from: .zero, to: .seconds(300)), default: Self.standardClockSkew,
            "How far the issuer's clock and the gateway's may be apart.", examples: ["1m"])
        self.maxLifetime = reader.value(
            "maxLifetime", .duration(from: .seconds(60), to: .seconds(31 * 24 * 3600)), default: .seconds(24 * 3600),
            "The longest that a token may be good for, from `iat` to `exp`.", examples: ["1h"])
        self.caFile = reader.optional(
            "caFile", .file(.certificate), absent: "the system's authorities",
            "PEM file with the authorities that may vouch for the server of `url` or `discovery`.",
            examples: ["/etc/gateway/vendor-ca.pem"])
        guard let issuer, let keySet, let audience else { return nil }
        self.name = reader.name
        self.issuer = issuer
        self.keySet = keySet
        self.audience = audience
        if keySet == .discovery {
            guard let url = try? HTTPURL(parsing: issuer), url.scheme == .https || HTTPURL.isLoopback(host: url.host)
            else {
                reader.members.refuse(
                    at: "issuer", message: "must be an https URL, because jwks reads the discovery document below it")
                return nil
            }
        }
    }
}
