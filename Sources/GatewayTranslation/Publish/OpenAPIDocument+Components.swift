import GatewayJSON

extension OpenAPIDocument {
    static func writeComponents(to writer: inout JSONWriter) {
        writer.object("schemas") { writer in
            writer.object("ProductUpdate") { ProductSchema.writeProduct(to: &$0, isUpdate: true) }
            writer.object("Product") { ProductSchema.writeProduct(to: &$0, isUpdate: false) }
            writer.object("Answer") { self.writeAnswer(to: &$0) }
            writer.object("Results") { self.writeResults(to: &$0) }
            writer.object("FieldError") {
                self.writeFieldError(to: &$0, codes: FieldErrorCode.allCases.map(\.rawValue))
            }
            writer.object("Problem") { self.writeProblem(to: &$0) }
            writer.object("Targets") { self.writeTargets(to: &$0) }
            writer.object("Target") { self.writeTarget(to: &$0) }
        }
    }

    private static func writeObject(
        _ required: [String], to writer: inout JSONWriter, _ properties: (inout JSONWriter) -> Void
    ) {
        writer.member("type", "object")
        writer.object("properties", properties)
        writer.member("required", required)
    }

    private static func type(_ name: String, _ type: String, to writer: inout JSONWriter) {
        writer.object(name) { $0.member("type", type) }
    }

    private static func list(_ name: String, of schema: String, to writer: inout JSONWriter) {
        writer.object(name) { writer in
            writer.member("type", "array")
            writer.object("items") { $0.member("$ref", "#/components/schemas/\(schema)") }
        }
    }

    private static func writeAnswer(to writer: inout JSONWriter) {
        self.writeObject(["target", "id", "warnings", "requestId", "vendor"], to: &writer) { writer in
            self.type("target", "string", to: &writer)
            writer.object("id") { $0.member("type", ["string", "null"]) }
            writer.object("product") { $0.member("$ref", "#/components/schemas/Product") }
            self.list("warnings", of: "FieldError", to: &writer)
            self.type("requestId", "string", to: &writer)
            writer.object("vendor") { writer in
                self.writeObject(["status"], to: &writer) { writer in
                    self.type("status", "integer", to: &writer)
                    self.type("requestId", "string", to: &writer)
                }
            }
        }
    }

    private static func writeResults(to writer: inout JSONWriter) {
        self.writeObject(["results"], to: &writer) { writer in
            writer.object("results") { writer in
                writer.member("type", "array")
                writer.object("items") { writer in
                    writer.array("anyOf") { writer in
                        for schema in ["Answer", "Problem"] {
                            writer.object { $0.member("$ref", "#/components/schemas/\(schema)") }
                        }
                    }
                }
            }
        }
    }

    private static func writeFieldError(to writer: inout JSONWriter, codes: [String]) {
        self.writeObject(["code", "detail"], to: &writer) { writer in
            writer.object("pointer") { writer in
                writer.member("type", "string")
                writer.member("format", "json-pointer")
            }
            writer.object("code") { $0.member("enum", codes) }
            self.type("detail", "string", to: &writer)
        }
    }

    private static func writeProblem(to writer: inout JSONWriter) {
        let required = ["type", "title", "status", "detail", "code", "origin", "outcome", "retryable", "requestId"]
        self.writeObject(required, to: &writer) { writer in
            for name in ["type", "title", "detail", "target", "requestId"] { self.type(name, "string", to: &writer) }
            self.type("status", "integer", to: &writer)
            writer.object("code") { $0.member("enum", ProblemCode.allCases.map(\.rawValue)) }
            writer.object("origin") { $0.member("enum", ["gateway", "vendor"]) }
            writer.object("outcome") { $0.member("enum", ["not_sent", "rejected", "unknown"]) }
            self.type("retryable", "boolean", to: &writer)
            self.list("errors", of: "FieldError", to: &writer)
            writer.object("vendor") { writer in
                writer.member("type", "object")
                writer.object("properties") { writer in
                    self.type("status", "integer", to: &writer)
                    for name in ["bodyStatus", "code", "title", "detail", "requestId"] {
                        self.type(name, "string", to: &writer)
                    }
                }
            }
        }
    }

    private static func writeTargets(to writer: inout JSONWriter) {
        self.writeObject(["targets"], to: &writer) { writer in
            writer.object("targets") { writer in
                writer.member("type", "array")
                writer.object("items") { $0.member("type", "object") }
            }
        }
    }

    private static func writeTarget(to writer: inout JSONWriter) {
        self.writeObject(["target", "dialect", "operations", "fields"], to: &writer) { writer in
            for name in ["target", "dialect", "vendor", "handling", "updateSemantics", "source"] {
                self.type(name, "string", to: &writer)
            }
            self.type("operations", "object", to: &writer)
            writer.object("fields") { writer in
                writer.member("type", "array")
                writer.object("items") { $0.member("type", "object") }
            }
        }
    }
}
