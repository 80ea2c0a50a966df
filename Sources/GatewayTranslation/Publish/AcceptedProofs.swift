import GatewayJSON

/// What proves to one gateway who a caller is, as far as its document says it.
package struct AcceptedProofs: Sendable, Equatable {
    package var keys: Bool
    package var tokens: Bool
    package var certificates: Bool
    /// Whether requests that prove nothing are taken as well.
    package var areOptional: Bool

    package init(keys: Bool, tokens: Bool, certificates: Bool, areOptional: Bool) {
        self.keys = keys
        self.tokens = tokens
        self.certificates = certificates
        self.areOptional = areOptional
    }

    /// What a request about anything may be refused with, beside what it may be without callers.
    static let problems: [ProblemCode] = [.unauthenticated, .identityUnavailable]

    /// Names in `components/securitySchemes`.
    private var schemes: [String] {
        (self.keys ? ["bearerKey", "headerKey"] : []) + (self.tokens ? ["token"] : [])
            + (self.certificates ? ["certificate"] : [])
    }

    /// The document's `securitySchemes` (OpenAPI 3.1 section 4.8.27).
    func writeSchemes(to writer: inout JSONWriter) {
        writer.object("securitySchemes") { writer in
            if self.keys {
                writer.object("bearerKey") { writer in
                    writer.member("type", "http")
                    writer.member("scheme", "bearer")
                    writer.member("description", "A key that the gateway's operators have made: `pgw_…`.")
                }
                writer.object("headerKey") { writer in
                    writer.member("type", "apiKey")
                    writer.member("in", "header")
                    writer.member("name", "x-api-key")
                    writer.member("description", "The same key in a field of its own.")
                }
            }
            if self.tokens {
                writer.object("token") { writer in
                    writer.member("type", "http")
                    writer.member("scheme", "bearer")
                    writer.member("bearerFormat", "JWT")
                    writer.member("description", "An access token of an issuer that the gateway knows (RFC 9068).")
                }
            }
            if self.certificates {
                writer.object("certificate") { writer in
                    writer.member("type", "mutualTLS")
                    writer.member("description", "A client certificate of an authority that the gateway trusts.")
                }
            }
        }
    }

    /// The document's `security`: any one of them.
    func writeRequirements(to writer: inout JSONWriter) {
        writer.array("security") { writer in
            for scheme in self.schemes {
                writer.object { writer in writer.member(scheme, [String]()) }
            }
            if self.areOptional { writer.object { _ in } }
        }
    }
}
