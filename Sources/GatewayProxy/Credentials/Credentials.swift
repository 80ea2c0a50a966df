/// How the gateway proves itself to a vendor; shared by all workers.
enum Credentials: Sendable {
    /// The vendor wants none, or something in front of it adds them.
    case none
    /// A token, or a user and a password, until it is replaced: the whole value of `authorization`.
    case fixed(authorization: [UInt8])
    /// A secret in a header field of the vendor's own; the name in lower case.
    case header(name: String, secret: [UInt8])
    /// A secret in the query.
    case query(name: String, secret: [UInt8])
    /// Tokens with an end, from the vendor's token endpoint.
    case oauth2(OAuth2TokenSource)

    var secretPlace: UpstreamRequest.SecretPlace {
        switch self {
        case .none, .fixed, .oauth2: .authorization
        case .header(let name, _): .header(name: name)
        case .query(let name, _): .query(name: name)
        }
    }
}
