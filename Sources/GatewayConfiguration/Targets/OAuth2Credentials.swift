/// OAuth 2.0: client credentials (RFC 6749 §4.4), or a user's (§4.3).
package struct OAuth2Credentials: Sendable, Equatable {
    package var tokenURL: TokenURL
    package var clientID: Secret
    package var clientSecret: Secret
    package var style: OAuth2Style
    /// The user whose password is granted; nil for the client's own credentials.
    package var user: OAuth2User?
    /// The `scope` parameter, where the vendor wants one.
    package var scope: String?
    /// How long before its end a token is renewed.
    package var renewBefore: Duration
}

/// How the token request is written.
package enum OAuth2Style: String, Sendable, CaseIterable {
    /// A form with `grant_type`, `client_id` and `client_secret` in the body (Elastic Path).
    case form
    /// A form with `grant_type`, id and secret as Basic authorization (RFC 6749 §2.3.1).
    case formBasic = "form-basic"
    /// `grant_type` in the query, id and secret as Basic authorization, no body (COR).
    case queryBasic = "query-basic"
    /// A JSON object with `grant_type`, `client_id` and `client_secret`.
    case json
    /// A JSON object with `grant_type`, id and secret as Basic authorization (Akeneo).
    case jsonBasic = "json-basic"
}

/// A user who grants access by a password (RFC 6749 §4.3).
package struct OAuth2User: Sendable, Equatable {
    package var username: Secret
    package var password: Secret
}

extension OAuth2Credentials: ConfigurationObject {
    init?(reading reader: KeyReader) {
        let tokenURL = reader.required(
            "tokenURL", .tokenURL,
            "Where tokens are fetched: a URL, or a path on the host of `baseURL`.",
            examples: ["/oauth/access_token", "https://api.projectcor.com/v1/oauth/token"])
        let clientID = reader.required(
            "clientID", .secret(.text), "The client id (COR: the API key).",
            examples: [["env": "EP_CLIENT_ID"]])
        let clientSecret = reader.required(
            "clientSecret", .secret(.text), "The client secret.",
            examples: [["file": "/run/secrets/ep"]])
        self.style = reader.value(
            "style", .choice(OAuth2Style.self), default: .form,
            """
            `form`: id and secret in a form body, as Elastic Path wants them. `form-basic`: a form, and Basic \
            authorization. `query-basic`: `?grant_type=client_credentials` and Basic authorization without a \
            body, as COR does. `json`, `json-basic`: a JSON body, as Akeneo wants it.
            """,
            examples: ["form", "query-basic", "json-basic"])
        let user = reader.optionalObject(
            "user", BasicCredentials.self, absent: "the client's own credentials",
            "A user whose password grants access (`grant_type=password`, RFC 6749 §4.3), as Akeneo wants it.")
        self.user = user.map { OAuth2User(username: $0.username, password: $0.password) }
        self.scope = reader.optional(
            "scope", .scope, absent: "no `scope` is asked for",
            "The scope to ask for; several with a space between them.",
            examples: ["catalog:write"])
        self.renewBefore = reader.value(
            "renewBefore", .duration(from: .zero, to: .seconds(3600)), default: .seconds(60),
            """
            How long before its end a token is renewed. A minute covers clocks that differ and \
            requests under way; tokens of these vendors live for an hour.
            """,
            examples: ["1m"])

        guard let tokenURL, let clientID, let clientSecret else { return nil }
        self.tokenURL = tokenURL
        self.clientID = clientID
        self.clientSecret = clientSecret
    }
}
