import GatewayJSON

/// Streams of updates. OpenAPI 3.1 has no words for a body of many texts (3.2 has `itemSchema`): each text is a schema
/// of its own, `BulkLine` and `BulkResult`, and the bodies are text.
extension OpenAPIDocument {
    private static let lines = ["application/jsonl", "application/x-ndjson", "application/json-seq"]

    static func stream(_ particulars: Particulars) -> OpenAPIOperation {
        OpenAPIOperation(
            path: "/v1/bulk", method: "post", id: "bulk", tag: "products", summary: "Update many products",
            description: """
                A stream of lines, each a `BulkLine`: one update or create, delivered as a request of its own would \
                be. Results are sent as they come, each with the number of its line, while lines are still being \
                received; \
                read while you send. The last line is the `summary`: a stream without one was cut off. Lines of one \
                product keep their order, and what follows a failed one is not sent (`predecessor_failed`), unless \
                `onFailure=continue`. A target that wants to be asked more slowly slows the stream and fails no line. \
                A line that cannot be taken is a result, not the end. With an `Idempotency-Key` the stream may be sent \
                again: lines that are done answer `replayed`, and no create is done twice.
                """,
            parameters: ["target", "dryRun", "onFailure", "prefer", "idempotencyKey", "requestId"],
            bodyTypes: self.lines,
            bodyDescription:
                "Lines without end; each at most \(particulars.requestBytesMax) bytes of product, in UTF-8.",
            bodySchema: "BulkLines", bodyExamples: ["bulk"],
            successes: [
                OpenAPIOperation.Success(
                    status: 200, description: "The stream is taken: one `BulkResult` after the other.",
                    mediaType: "application/jsonl", schemas: ["BulkResults"], headers: ["preference-applied"],
                    examples: ["bulk_results"])
            ],
            problems: ProblemCode.allCases.filter {
                [
                    .invalidRequest, .targetRequired, .unknownTarget, .notAcceptable, .unsupportedMediaType,
                    .unsupportedHeader, .idempotencyKeyRequired, .idempotencyConflict, .idempotencyKeyReused,
                    .storeUnavailable, .uriTooLong, .headerFieldsTooLarge, .overloaded, .internalError,
                ].contains($0)
            })
    }

    /// What is kept of a stream with a key.
    static let streamRecord = OpenAPIOperation(
        path: "/v1/bulk/{key}", method: "get", id: "getBulk", tag: "products",
        summary: "What is done of a stream with an idempotency key",
        description: """
            Through which line all of it is done, and which lines are open: they were refused, or not sent, or nobody \
            knows what became of them. For the caller whose key it is. Lines that were never taken are none.
            """,
        parameters: ["streamKey", "requestId"],
        successes: [
            OpenAPIOperation.Success(
                status: 200, description: "What is kept of it.", mediaType: "application/json",
                schemas: ["BulkRecord"], examples: ["bulk_record"])
        ],
        problems: ProblemCode.allCases.filter {
            [
                .invalidRequest, .notFound, .storeUnavailable, .uriTooLong, .headerFieldsTooLarge, .overloaded,
                .internalError,
            ].contains($0)
        })

    static let bulkParameters: KeyValuePairs = [
        "streamKey": """
        {
          "name": "key", "in": "path", "required": true,
          "description": "The stream's `Idempotency-Key`, without its quotes, percent-encoded.",
          "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$" },
          "example": "nightly-2026-11-27"
        }
        """,
        "onFailure": """
        {
          "name": "onFailure", "in": "query",
          "description": "What becomes of lines behind a failed one of the same product: they are not sent, or are.",
          "schema": { "type": "string", "enum": ["stop", "continue"], "default": "stop" }
        }
        """,
    ]

    static let bulkSchemas: KeyValuePairs = [
        "BulkLines": """
        {
          "type": "string", "contentMediaType": "application/jsonl",
          "description": "One `BulkLine` a line; in `application/json-seq` each behind a record separator."
        }
        """,
        "BulkLine": """
        {
          "type": "object",
          "description": "A line of a stream of updates.",
          "properties": {
            "id": { "type": "string", "description": "The product's id; a create has none." },
            "product": { "$ref": "#/components/schemas/ProductUpdate" },
            "op": { "type": "string", "enum": ["update", "create"], "default": "update" },
            "target": {
              "type": "string",
              "description": "One of the stream's targets, or several with commas between; all where it is absent."
            },
            "key": {
              "type": "string", "minLength": 1, "maxLength": 255,
              "description": "An idempotency key of the line's own, at each of its targets, whatever its number and \
        whichever stream it comes in."
            }
          },
          "required": ["product"]
        }
        """,
        "BulkResults": """
        {
          "type": "string", "contentMediaType": "application/jsonl",
          "description": "One `BulkResult` a line, the summary last."
        }
        """,
        "BulkResult": """
        {
          "type": "object",
          "description": "What became of one line at one target: `outcome` is `done`, or the other members are those \
        of a `Problem`. Or, instead of these, one of `progress`, `fatal` and `summary`.",
          "properties": {
            "line": { "type": "integer", "minimum": 1, "description": "The line's number, from 1." },
            "id": { "type": "string" },
            "target": { "type": "string" },
            "outcome": { "type": "string", "examples": ["done", "partial", "rejected", "unknown", "not_sent"] },
            "status": { "type": "integer" },
            "dryRun": { "type": "boolean" },
            "replayed": {
              "type": "boolean", "description": "It was done by an earlier stream with the same key; nothing was sent."
            },
            "warnings": { "type": "array", "items": { "$ref": "#/components/schemas/Warning" } },
            "progress": { "$ref": "#/components/schemas/BulkTotals" },
            "fatal": { "$ref": "#/components/schemas/Problem" },
            "summary": { "$ref": "#/components/schemas/BulkTotals" }
          }
        }
        """,
        "BulkTotals": """
        {
          "type": "object",
          "description": "What has become of the lines so far, at all targets together.",
          "properties": {
            "lines": { "type": "integer", "description": "Lines taken." },
            "done": { "type": "integer" },
            "partial": { "type": "integer" },
            "rejected": { "type": "integer" },
            "unknown": { "type": "integer" },
            "notSent": { "type": "integer" },
            "replayed": {
              "type": "integer", "description": "Of those that are done: by earlier streams with the same key."
            },
            "complete": { "type": "boolean", "description": "In the summary: whether every line sent was taken." },
            "waiting": {
              "type": "array", "items": { "$ref": "#/components/schemas/BulkWaiting" },
              "description": "In progress: the targets that lines wait for."
            }
          },
          "required": ["lines", "done", "partial", "rejected", "unknown", "notSent"]
        }
        """,
        "BulkRecord": """
        {
          "type": "object",
          "description": "What is kept of a stream with an idempotency key.",
          "properties": {
            "through": { "type": "integer", "description": "Every line up to this one is done." },
            "lines": { "type": "integer", "description": "The number of the last line that was taken." },
            "open": {
              "type": "array", "description": "Ranges of lines that are not done, first and last, in order.",
              "items": { "type": "array", "items": { "type": "integer" }, "minItems": 2, "maxItems": 2 }
            },
            "more": { "type": "boolean", "description": "Whether there are more ranges behind these." },
            "underWay": { "type": "boolean", "description": "Whether a stream with the key is being sent." }
          },
          "required": ["through", "lines", "open", "more", "underWay"]
        }
        """,
        "BulkWaiting": """
        {
          "type": "object",
          "properties": {
            "target": { "type": "string" },
            "code": { "type": "string" },
            "seconds": { "type": "integer" }
          },
          "required": ["target", "code", "seconds"]
        }
        """,
    ]

    static let bulkExamples: KeyValuePairs = [
        "bulk": #"""
        {
          "summary": "Two updates and a create",
          "value": "{\"id\":\"EXT-1\",\"product\":{\"name\":\"One\"}}\n{\"id\":\"EXT-2\",\#
        \"product\":{\"sku\":\"S-2\"}}\n{\"op\":\"create\",\"product\":{\"name\":\"New\"}}\n"
        }
        """#,
        "bulk_record": """
        {
          "summary": "All is done but for two lines",
          "value": { "through": 411, "lines": 1000, "open": [[412, 413]], "more": false, "underWay": false }
        }
        """,
        "bulk_results": #"""
        {
          "summary": "One was done, one was refused",
          "value": "{\"line\":1,\"id\":\"EXT-1\",\"target\":\"cor\",\"outcome\":\"done\",\"status\":200}\n\#
        {\"line\":2,\"id\":\"EXT-2\",\"type\":\"/problems/unsupported_field\",\"title\":\"Unsupported field\",\#
        \"status\":422,\"detail\":\"COR cannot take one value of this body; nothing was sent.\",\#
        \"code\":\"unsupported_field\",\"origin\":\"gateway\",\"target\":\"cor\",\"outcome\":\"not_sent\",\#
        \"retryable\":false,\"requestId\":\"f2ebdd0cc481fbbd1292d8feeee671bc\"}\n{\"summary\":{\"lines\":2,\#
        \"done\":1,\"partial\":0,\"rejected\":0,\"unknown\":0,\"notSent\":1,\"complete\":true}}\n"
        }
        """#,
    ]
}
