/// How the gateway proves itself to a vendor; shared by all workers.
enum Credentials: Sendable {
    /// The vendor wants none, or something in front of it adds them.
    case none
    /// A token that lives until it is replaced: the whole value of `authorization`.
    case bearer(authorization: [UInt8])
    /// Tokens with an end, from the vendor's token endpoint.
    case oauth2(OAuth2TokenSource)
}
