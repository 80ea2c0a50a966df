import GatewayJSON

extension OpenAPIDocument {
    static func writeSchemas(to writer: inout JSONWriter) {
        ProductComponents.write(to: &writer)
        writer.members(of: self.answerSchemas)
        writer.members(of: self.bulkSchemas)
        writer.members(of: self.problemSchemas)
        self.writeFieldError(to: &writer)
        writer.members(of: self.targetSchemas)
    }

    /// Not an `enum`: the list may grow, and a client must not fail over a word that it does not know.
    private static func writeFieldError(to writer: inout JSONWriter) {
        for (name, required) in [("FieldError", ["code", "detail"]), ("Warning", ["pointer", "code", "detail"])] {
            writer.object(name) { writer in
                writer.member("type", "object")
                writer.object("properties") { writer in
                    writer.name("pointer")
                    writer.raw(
                        """
                        {
                          "type": "string", "format": "json-pointer",
                          "description": "Where: RFC 6901, into the request's body or, for what a vendor answered, \
                        into the product."
                        }
                        """)
                    writer.object("code") { writer in
                        writer.member("type", "string")
                        writer.member("description", FieldErrorCode.allCases.map(self.line).joined(separator: "\n"))
                        writer.member("examples", FieldErrorCode.allCases.map(\.rawValue))
                    }
                    writer.name("detail")
                    writer.raw(#"{ "type": "string", "description": "For a person." }"#)
                }
                writer.member("required", required)
            }
        }
    }

    private static func line(of code: FieldErrorCode) -> String { "- `\(code.rawValue)`: \(code.meaning)" }

    private static let answerSchemas: KeyValuePairs = [
        "Answer": """
        {
          "type": "object",
          "description": "A success at one target.",
          "properties": {
            "target": { "type": "string" },
            "status": { "$ref": "#/components/schemas/ResultStatus" },
            "id": {
              "type": ["string", "null"],
              "description": "The id under which the product can be updated; null where the vendor's answer has none."
            },
            "product": {
              "$ref": "#/components/schemas/Product",
              "description": "As the vendor holds it now; absent with `Prefer: return=minimal`."
            },
            "warnings": { "type": "array", "items": { "$ref": "#/components/schemas/Warning" } },
            "requestId": { "type": "string" },
            "vendor": { "$ref": "#/components/schemas/VendorStatus" }
          },
          "required": ["target", "id", "warnings", "requestId", "vendor"]
        }
        """,
        "ResultStatus": """
        {
          "type": "integer",
          "description": "As one of several results: the status that this target would have been answered with alone."
        }
        """,
        "VendorStatus": """
        {
          "type": "object",
          "properties": {
            "status": { "type": "integer", "description": "The status of the vendor's answer." },
            "requestId": { "type": "string", "description": "The vendor's name for the request, where it gave one." }
          },
          "required": ["status"]
        }
        """,
        "DryRun": """
        {
          "type": "object",
          "description": "The request as it would have been sent to one target.",
          "properties": {
            "target": { "type": "string" },
            "status": { "$ref": "#/components/schemas/ResultStatus" },
            "reads": {
              "$ref": "#/components/schemas/DryRunRead",
              "description": "What is sent first, where the vendor replaces whole products: `body` is laid over its \
              answer."
            },
            "method": { "type": "string" },
            "url": { "type": "string", "format": "uri" },
            "headers": { "$ref": "#/components/schemas/DryRunHeaders" },
            "body": { "description": "The vendor's document, each value as it came; absent where there is none." },
            "then": {
              "type": "array", "items": { "$ref": "#/components/schemas/DryRunFollowing" },
              "description": "The requests that follow, in order, where the vendor needs several. What they take from \
        an answer stands in braces."
            },
            "warnings": { "type": "array", "items": { "$ref": "#/components/schemas/Warning" } },
            "requestId": { "type": "string" }
          },
          "required": ["target", "method", "url", "headers", "warnings", "requestId"]
        }
        """,
        "DryRunRead": """
        {
          "type": "object",
          "properties": {
            "method": { "type": "string" },
            "url": { "type": "string", "format": "uri" },
            "headers": { "$ref": "#/components/schemas/DryRunHeaders" }
          },
          "required": ["method", "url", "headers"]
        }
        """,
        "DryRunFollowing": """
        {
          "type": "object",
          "properties": {
            "method": { "type": "string" },
            "url": { "type": "string", "format": "uri" },
            "headers": { "$ref": "#/components/schemas/DryRunHeaders" },
            "body": { "description": "The vendor's document; absent where there is none." }
          },
          "required": ["method", "url", "headers"]
        }
        """,
        "DryRunHeaders": """
        { "type": "object", "additionalProperties": { "type": "string" }, "description": "Secrets are masked." }
        """,
        "VendorDocument": """
        { "type": "object", "description": "What a vendor answered, byte for byte." }
        """,
        "Results": """
        {
          "type": "object",
          "description": "What became of a request for several targets.",
          "properties": {
            "results": {
              "type": "array",
              "items": {
                "anyOf": [
                  { "$ref": "#/components/schemas/Answer" },
                  { "$ref": "#/components/schemas/DryRun" },
                  { "$ref": "#/components/schemas/Problem" }
                ]
              }
            },
            "requestId": { "type": "string" }
          },
          "required": ["results", "requestId"]
        }
        """,
    ]

    private static let problemSchemas: KeyValuePairs = [
        "Problem": """
        {
          "type": "object",
          "description": "An RFC 9457 problem document.",
          "properties": {
            "type": { "type": "string", "format": "uri-reference", "description": "Leads to `/problems/{code}`." },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string", "description": "What happened this time, for a person." },
            "code": { "type": "string", "description": "What happened, for a program: see `/problems/{code}`." },
            "origin": { "$ref": "#/components/schemas/ProblemOrigin" },
            "target": { "type": "string", "description": "Absent where it was not yet known." },
            "outcome": { "$ref": "#/components/schemas/Outcome" },
            "retryable": {
              "type": "boolean", "description": "Whether sending the very same request again is safe and may succeed."
            },
            "requestId": { "type": "string" },
            "errors": {
              "type": "array", "description": "Each single mistake, where there are such.",
              "items": { "$ref": "#/components/schemas/FieldError" }
            },
            "done": {
              "type": "array", "items": { "type": "string", "format": "json-pointer" },
              "description": "With the outcome `partial`: what was done, where in the request's body, as far as known."
            },
            "productId": {
              "type": "string",
              "description": "Of a create that did not wholly succeed: the id that the vendor gave the new product, \
        where its answer says it."
            },
            "vendor": { "$ref": "#/components/schemas/VendorReport" }
          },
          "required": ["type", "title", "status", "detail", "code", "origin", "outcome", "retryable", "requestId"]
        }
        """,
        "ProblemOrigin": """
        { "type": "string", "enum": ["gateway", "vendor"], "description": "Who says no." }
        """,
        "Outcome": """
        {
          "type": "string", "enum": ["not_sent", "rejected", "partial", "unknown"],
          "description": "`not_sent`: nothing reached the vendor. `rejected`: the vendor refused and changed nothing. \
        `partial`: some of it was made (see `done`). `unknown`: sent, and no answer was \
        understood; the change may have been made."
        }
        """,
        "VendorReport": """
        {
          "type": "object",
          "description": "What the vendor itself said, each member where it was said.",
          "properties": {
            "status": { "type": "integer", "description": "The status of the vendor's answer." },
            "bodyStatus": { "type": "string", "description": "The status that its body claims, where that differs." },
            "code": { "type": "string" },
            "title": { "type": "string" },
            "detail": { "type": "string" },
            "requestId": { "type": "string", "description": "The name to give the vendor when asking about it." }
          }
        }
        """,
        "ProblemPage": """
        {
          "type": "object",
          "properties": {
            "code": { "type": "string" },
            "type": { "type": "string", "format": "uri-reference" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "meaning": { "type": "string" },
            "actor": { "type": "string", "enum": ["caller", "operator", "vendor"], "description": "Who has to act." },
            "advice": { "type": "string", "description": "What they should do." },
            "retry": { "type": "string", "description": "Whether the same request may be sent again." },
            "example": { "$ref": "#/components/schemas/Problem" }
          },
          "required": ["code", "type", "title", "status", "meaning", "actor", "advice", "retry", "example"]
        }
        """,
    ]

    private static let targetSchemas: KeyValuePairs = [
        "Targets": """
        {
          "type": "object",
          "properties": {
            "targets": { "type": "array", "items": { "$ref": "#/components/schemas/TargetSummary" } },
            "defaultTarget": {
              "type": "string", "description": "The target of a request that names none; absent where it must name one."
            }
          },
          "required": ["targets"]
        }
        """,
        "TargetSummary": """
        {
          "type": "object",
          "properties": {
            "name": { "type": "string", "description": "What `target` takes." },
            "dialect": { "type": "string" },
            "title": { "type": "string", "description": "The vendor's name." },
            "operations": { "type": "array", "items": { "$ref": "#/components/schemas/OperationName" } },
            "href": { "type": "string", "format": "uri-reference" }
          },
          "required": ["name", "dialect", "title", "operations", "href"]
        }
        """,
        "OperationName": #"{ "type": "string", "enum": ["update", "create", "read"] }"#,
        "Target": """
        {
          "type": "object",
          "properties": {
            "target": { "type": "string" },
            "dialect": { "type": "string" },
            "vendor": { "type": "string", "description": "The vendor's name." },
            "operations": {
              "type": "object",
              "properties": {
                "update": { "$ref": "#/components/schemas/TargetOperation" },
                "create": { "$ref": "#/components/schemas/TargetOperation" }
              }
            },
            "handling": {
              "type": "string", "enum": ["strict", "lenient"],
              "description": "What happens to members that the target cannot take, unless `Prefer` says otherwise."
            },
            "updateSemantics": {
              "type": "string", "enum": ["partial", "replace"],
              "description": "`replace`: the vendor replaces whole products, so the gateway reads, merges and writes."
            },
            "source": { "type": "string", "description": "The vendor's pages that the dialect was written from." },
            "caller": {
              "type": "object",
              "description": "For a caller with a name: what it may do at this target.",
              "properties": {
                "name": { "type": "string" },
                "operations": {
                  "type": "array", "items": { "type": "string", "enum": ["update", "create", "read", "dryRun"] }
                }
              }
            },
            "fields": { "type": "array", "items": { "$ref": "#/components/schemas/TargetField" } }
          },
          "required": ["target", "dialect", "vendor", "operations", "handling", "updateSemantics", "fields"]
        }
        """,
        "TargetOperation": """
        {
          "type": "object",
          "properties": {
            "method": { "type": "string" },
            "path": { "type": "string" },
            "readsFirst": { "type": "boolean", "description": "A GET goes before it." },
            "batch": {
              "type": "object", "description": "How lines of a stream go together.",
              "properties": {
                "method": { "type": "string" }, "path": { "type": "string" },
                "maxItems": { "type": "integer", "description": "Lines of one request, at most." }
              }
            },
            "concurrency": {
              "type": "string", "description": "What becomes of two updates of one product at the same time."
            },
            "note": { "type": "string", "description": "What is particular about it at this vendor." }
          },
          "required": ["method", "path"]
        }
        """,
        "TargetField": """
        {
          "type": "object",
          "properties": {
            "pointer": { "type": "string", "format": "json-pointer" },
            "update": { "$ref": "#/components/schemas/TargetFieldUse" },
            "create": { "$ref": "#/components/schemas/TargetFieldUse" },
            "answered": { "type": "boolean", "description": "Whether the vendor's answers have it." },
            "vendorPointer": {
              "type": "string", "format": "json-pointer",
              "description": "Where the vendor has it: in the body that is sent; where that is a list of actions, in \
        answers."
            },
            "map": {
              "type": "string", "enum": ["merge", "replace"],
              "description": "What becomes of a map's other entries when some are sent."
            },
            "identity": {
              "type": "string", "format": "json-pointer",
              "description": "Of a list that is merged: the member by which an element is the vendor's own of the same."
            },
            "values": { "type": "object", "description": "The vendor's word for each of ours." },
            "schema": { "type": "object", "description": "What the target takes, as JSON Schema." },
            "note": { "type": "string" },
            "permitted": {
              "type": "object",
              "description": "For a caller with a name: how much of the field it may set, by operation. `update` and \
        `create` above are there where it may set some, or may rehearse that.",
              "additionalProperties": { "type": "string", "enum": ["all", "part", "none"] }
            }
          },
          "required": ["pointer", "answered"]
        }
        """,
        "TargetFieldUse": """
        {
          "type": "object",
          "properties": {
            "set": { "type": "boolean" },
            "clear": { "type": "boolean", "description": "Whether `null` is taken." },
            "required": { "type": "boolean" },
            "hasDefault": { "type": "boolean", "description": "Whether the gateway fills it in where it is absent." },
            "canBeEnabled": { "type": "boolean", "description": "Whether the operator can switch it on." },
            "reason": { "type": "string", "description": "Why it cannot be set." }
          },
          "required": ["set"]
        }
        """,
    ]
}
