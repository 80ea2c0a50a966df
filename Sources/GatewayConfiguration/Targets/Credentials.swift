/// How requests to a vendor are authorised.
package enum Credentials: Sendable, Equatable {
    /// A token that does not change: `authorization: Bearer <token>`.
    case bearer(token: Secret)
    /// Tokens fetched with OAuth 2.0 client credentials (RFC 6749 §4.4).
    case oauth2(OAuth2Credentials)
}

extension Credentials: ConfigurationObject {
    init?(reading reader: KeyReader) {
        let bearer = reader.optionalObject(
            "bearer", BearerCredentials.self, absent: "not a fixed token",
            "A token that does not change, sent as `authorization: Bearer …`.")
        let oauth2 = reader.optionalObject(
            "oauth2", OAuth2Credentials.self, absent: "no token is fetched",
            """
            OAuth 2.0 client credentials (RFC 6749 §4.4): the gateway fetches tokens, keeps them and \
            renews them.
            """)
        reader.requireExactlyOne("bearer", "oauth2")

        if let bearer {
            self = .bearer(token: bearer.token)
        } else if let oauth2 {
            self = .oauth2(oauth2)
        } else {
            return nil
        }
    }
}

/// The object `bearer`.
struct BearerCredentials: ConfigurationObject {
    let token: Secret

    init?(reading reader: KeyReader) {
        let token = reader.required(
            "token", .secret(.headerToken),
            "The token, without the word `Bearer`.",
            examples: [["env": "SOFTWAREONE_TOKEN"], ["file": "/run/secrets/token"]])
        guard let token else { return nil }
        self.token = token
    }
}
