import GatewayJSON

/// What goes beside the bodies: parameters, and the header fields of answers.
extension OpenAPIDocument {
    static func writeParameters(_ particulars: Particulars, to writer: inout JSONWriter) {
        writer.members(of: self.fixedParameters)
        writer.members(of: self.bulkParameters)
        writer.object("target") { writer in
            writer.member("name", "target")
            writer.member("in", "query")
            writer.member("required", particulars.defaultTarget == nil)
            writer.member(
                "description",
                "The target's name, or up to \(particulars.targetsMax) with commas between. "
                    + (particulars.defaultTarget.map { "Without it: `\($0)`." } ?? "There is no default target here.")
            )
            writer.object("schema") { writer in
                writer.member("type", "string")
                writer.member(
                    "pattern", "^\(self.targetName)(,\(self.targetName)){0,\(max(0, particulars.targetsMax - 1))}$")
                if !particulars.targets.isEmpty { writer.member("examples", particulars.targets) }
            }
        }
        writer.object("code") { writer in
            writer.member("name", "code")
            writer.member("in", "path")
            writer.member("required", true)
            writer.member("description", "The `code` of a problem.")
            writer.object("schema") { writer in
                writer.member("type", "string")
                writer.member("minLength", 1)
                writer.member("examples", ProblemCode.allCases.map(\.rawValue))
            }
        }
    }

    /// What a configuration takes as a target's name.
    private static let targetName = "[A-Za-z0-9][A-Za-z0-9_.-]{0,62}"

    private static let fixedParameters: KeyValuePairs = [
        "id": """
        {
          "name": "id", "in": "path", "required": true,
          "description": "The product's id, as the vendor knows it, in one path segment: a slash within it is `%2F`. \
        Control characters are refused, and so are `.` and `..`.",
          "schema": { "type": "string", "minLength": 1, "examples": ["EXT-PROD-12345"] }
        }
        """,
        "targetName": """
        {
          "name": "name", "in": "path", "required": true, "description": "The target's name.",
          "schema": { "type": "string", "minLength": 1 }
        }
        """,
        "dryRun": """
        {
          "name": "dryRun", "in": "query",
          "description": "With `true` nothing is sent: the answer is the request that the vendor would have been sent.",
          "schema": { "type": "boolean", "default": false }
        }
        """,
        "prefer": """
        {
          "name": "prefer", "in": "header",
          "description": "RFC 7240. `handling=lenient` drops members that a target cannot take, each with a warning; \
        `handling=strict` refuses them. `return=minimal` leaves the product out of the answer. \
        `wait=SECONDS` is how long the caller waits for an answer, where that is shorter than the target's time; with \
        an `Idempotency-Key` waiting for another request with the same key is part of it. Others are ignored.",
          "schema": { "type": "string" },
          "examples": {
            "lenient": { "value": "handling=lenient" }, "minimal": { "value": "return=minimal" },
            "wait": { "value": "wait=5" }
          }
        }
        """,
        "ifMatch": #"""
        {
          "name": "if-match", "in": "header",
          "description": "RFC 9110 section 13.1.1: the version, from `ETag`, that the product must still have. Only \#
        at targets that give products a version; elsewhere it is refused with `unsupported_header`, as is \#
        `If-None-Match`, instead of being overlooked.",
          "schema": {
            "type": "string",
            "pattern": "^(?:\\*|(?:W/)?\"[!#-~]*\"(?:[ \\t]*,[ \\t]*(?:W/)?\"[!#-~]*\")*)$"
          },
          "examples": { "version": { "value": "\"v7\"" } }
        }
        """#,
        "idempotencyKey": #"""
        {
          "name": "idempotency-key", "in": "header",
          "description": "Names this piece of work, so that it may be sent again: a repetition with the same key and \#
        the same content gets the first one's answer, with `idempotent-replayed: true`, instead of doing it again. A \#
        string in quotes (draft-ietf-httpapi-idempotency-key-header-07), or 1 to 255 visible ASCII characters without.",
          "schema": {
            "type": "string",
            "pattern": "^(?:\"(?:[ !#-\\[\\]-~]|\\\\[\"\\\\]){1,255}\"|[!#-~]{1,255})$"
          },
          "examples": { "key": { "value": "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"" } }
        }
        """#,
        "requestId": """
        {
          "name": "x-request-id", "in": "header",
          "description": "The caller's own name for this request: 1 to 128 visible ASCII characters, no quotes, no \
        backslashes. One that is not like that is replaced by a new one.",
          "schema": { "type": "string" }
        }
        """,
    ]

    /// Names in `components/headers`. `Content-Type`, `Content-Length` and `Date` say nothing of their own here.
    static let headersOfEveryAnswer = ["x-request-id", "via", "cache-control"]

    static let headers: KeyValuePairs = [
        "x-request-id": #"""
        {
          "required": true,
          "description": "The name of this request in the gateway's log, in `requestId`, and toward the vendor.",
          "schema": { "type": "string", "pattern": "^[!#-\\[\\]-~]{1,128}$" }
        }
        """#,
        "via": """
        {
          "required": true,
          "description": "The HTTP version of the request, and who answers it (RFC 9110 section 7.6.3).",
          "schema": { "type": "string", "examples": ["2 product-gateway", "1.1 product-gateway"] }
        }
        """,
        "cache-control": """
        {
          "required": true, "description": "No answer may be kept by a cache.",
          "schema": { "type": "string", "const": "no-store" }
        }
        """,
        "preference-applied": """
        {
          "description": "What was applied of `Prefer` (RFC 7240); absent where nothing was.",
          "schema": { "type": "string", "examples": ["handling=lenient, return=minimal"] }
        }
        """,
        "idempotent-replayed": """
        {
          "description": "`true` where the answer is that of an earlier request with the same `Idempotency-Key`: \
        `requestId` is that one's. Absent otherwise.",
          "schema": { "type": "string", "const": "true" }
        }
        """,
        "accept-patch": """
        {
          "description": "What the body of a PATCH may be declared as (RFC 5789 section 3.1).",
          "schema": { "type": "string", "examples": ["application/merge-patch+json, application/json"] }
        }
        """,
        "accept": """
        {
          "description": "What the body may be declared as (RFC 9110 section 15.5.16).",
          "schema": { "type": "string", "examples": ["application/merge-patch+json, application/json"] }
        }
        """,
        "accept-encoding": """
        {
          "description": "Which content codings a body may have: none (RFC 9110 section 15.5.16).",
          "schema": { "type": "string", "examples": ["identity"] }
        }
        """,
        "etag": #"""
        {
          "description": "The product's version at the vendor, for `If-Match`; absent where the vendor gives none.",
          "schema": { "type": "string", "examples": ["\"7\""] }
        }
        """#,
        "location": """
        {
          "description": "Where the new product can be updated; absent where the vendor's answer does not tell its id.",
          "schema": { "type": "string", "format": "uri-reference", "examples": ["/v1/products/EXT-PROD-1?target=cor"] }
        }
        """,
        "proxy-status": """
        {
          "description": "Who failed and how (RFC 9209), for what reads header fields only. `details` is the problem's \
        code. Absent where several targets have failed.",
          "schema": {
            "type": "string",
            "examples": ["product-gateway; error=http_request_denied; received-status=409; next-hop=\\"cor\\"; \
        details=\\"conflict\\""]
          }
        }
        """,
        "retry-after": """
        {
          "description": "Seconds to wait before the request is sent again; absent where nobody knows.",
          "schema": { "type": "integer", "minimum": 0 }
        }
        """,
        "allow": """
        {
          "required": true, "description": "The methods of this path.",
          "schema": { "type": "string", "examples": ["GET, HEAD, PATCH, PUT, OPTIONS"] }
        }
        """,
    ]
}
