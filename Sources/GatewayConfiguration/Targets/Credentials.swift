/// How requests to a vendor are authorised.
package enum Credentials: Sendable, Equatable {
    /// A token that does not change: `authorization: Bearer <token>`.
    case bearer(token: Secret)
    /// Tokens fetched with OAuth 2.0 (RFC 6749).
    case oauth2(OAuth2Credentials)
    /// A user and a password: `authorization: Basic …` (RFC 7617).
    case basic(username: Secret, password: Secret)
    /// A secret in a header field of the vendor's own.
    case header(name: String, value: Secret)
    /// A secret in the query of every request.
    case query(name: String, value: Secret)
}

extension Credentials: ConfigurationObject {
    init?(reading reader: KeyReader) {
        let bearer = reader.optionalObject(
            "bearer", BearerCredentials.self, absent: "not a fixed token",
            "A token that does not change, sent as `authorization: Bearer …`.")
        let oauth2 = reader.optionalObject(
            "oauth2", OAuth2Credentials.self, absent: "no token is fetched",
            """
            OAuth 2.0 (RFC 6749): the gateway fetches tokens, with the client's credentials or with a \
            user's, keeps them and renews them.
            """)
        let basic = reader.optionalObject(
            "basic", BasicCredentials.self, absent: "no user and password",
            "A user and a password, sent as `authorization: Basic …` (RFC 7617): WooCommerce's keys.")
        let header = reader.optionalObject(
            "header", NamedCredentials.self, absent: "no secret in a header field",
            "A secret in a header field of the vendor's own: `x-auth-token`, `x-shopify-access-token`.")
        let query = reader.optionalObject(
            "query", NamedCredentials.self, absent: "no secret in the query",
            "A secret in the query of every request. Queries are often logged: only where a vendor takes nothing else.")
        reader.requireExactlyOne("bearer", "oauth2", "basic", "header", "query")

        if let bearer {
            self = .bearer(token: bearer.token)
        } else if let oauth2 {
            self = .oauth2(oauth2)
        } else if let basic {
            self = .basic(username: basic.username, password: basic.password)
        } else if let header {
            self = .header(name: header.name.lowercased(), value: header.value)
        } else if let query {
            self = .query(name: query.name, value: query.value)
        } else {
            return nil
        }
    }
}

/// The object `basic`.
struct BasicCredentials: ConfigurationObject {
    let username: Secret
    let password: Secret

    init?(reading reader: KeyReader) {
        let username = reader.required(
            "username", .secret(.text), "The user (WooCommerce: the consumer key).",
            examples: [["env": "WOO_KEY"]])
        let password = reader.required(
            "password", .secret(.text), "The password (WooCommerce: the consumer secret).",
            examples: [["file": "/run/secrets/woo"]])
        guard let username, let password else { return nil }
        self.username = username
        self.password = password
    }
}

/// The objects `header` and `query`.
struct NamedCredentials: ConfigurationObject {
    let name: String
    let value: Secret

    init?(reading reader: KeyReader) {
        let name = reader.required(
            "name", .fieldName, "The name of the header field, or of the query's parameter.",
            examples: ["x-auth-token", "api_key"])
        let value = reader.required(
            "value", .secret(.headerToken), "The secret, as it is sent.", examples: [["env": "BIGCOMMERCE_TOKEN"]])
        guard let name, let value else { return nil }
        self.name = name
        self.value = value
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
