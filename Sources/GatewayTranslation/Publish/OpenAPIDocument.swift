import GatewayJSON

/// The OpenAPI 3.1 description of the canonical API, from the tables that translate and fold.
package enum OpenAPIDocument {
    package static let mediaType = "application/json"

    /// `version` is the gateway's; `targets` the configured names, listed as what `target` may be.
    package static func json(version: String, targets: [String] = []) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 16_384)
        writer.object { writer in
            writer.member("openapi", "3.1.0")
            writer.object("info") { writer in
                writer.member("title", "product-gateway")
                writer.member("version", version)
                writer.member(
                    "description", "One canonical product update for many vendors, and one canonical answer.")
            }
            writer.object("paths") { self.writePaths(to: &$0, targets: targets) }
            writer.object("components") { self.writeComponents(to: &$0) }
        }
        return writer.bytes
    }

    private static func writePaths(to writer: inout JSONWriter, targets: [String]) {
        writer.object("/v1/products/{id}") { writer in
            writer.array("parameters") { writer in
                self.writeParameter(
                    "id", in: "path", required: true, "The product's id, as the vendor knows it.", to: &writer)
            }
            for method in ["patch", "put"] {
                writer.object(method) { writer in
                    writer.member("operationId", method == "patch" ? "updateProduct" : "updateProductByPut")
                    writer.member(
                        "summary", "Update a product: absent members stay, null clears, a value sets.")
                    self.writeWrite(.update, to: &writer, targets: targets)
                }
            }
        }
        writer.object("/v1/products") { writer in
            writer.object("post") { writer in
                writer.member("operationId", "createProduct")
                writer.member("summary", "Create a product, at targets whose dialect has it.")
                self.writeWrite(.create, to: &writer, targets: targets)
            }
        }
        self.writeGet("/v1/targets", "listTargets", "The targets.", "Targets", to: &writer)
        self.writeGet(
            "/v1/targets/{name}", "getTarget", "What one target takes, clears and requires.", "Target",
            parameter: "name", to: &writer)
        self.writeGet(
            "/v1/schemas/product-update.json", "getProductSchema", "The JSON Schema of an update.", nil, to: &writer)
        self.writeGet(
            "/problems/{code}", "getProblem", "What an error code means and what to do about it.", nil,
            parameter: "code", to: &writer)
        self.writeGet("/openapi.json", "getOpenAPI", "This document.", nil, to: &writer)
    }

    private static func writeParameter(
        _ name: String, in place: String, required: Bool, _ description: String, choices: [String] = [],
        type: String = "string", to writer: inout JSONWriter
    ) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("in", place)
            if required { writer.member("required", true) }
            writer.member("description", description)
            writer.object("schema") { writer in
                writer.member("type", type)
                if !choices.isEmpty { writer.member("examples", choices) }
            }
        }
    }

    private static func writeWrite(
        _ operation: ProductOperation, to writer: inout JSONWriter, targets: [String]
    ) {
        writer.array("parameters") { writer in
            self.writeParameter(
                "target", in: "query", required: false,
                "The target's name, or several with commas between; the default target where there is none.",
                choices: targets, to: &writer)
            self.writeParameter(
                "dryRun", in: "query", required: false,
                "true answers with the vendor request and sends nothing.", type: "boolean", to: &writer)
            self.writeParameter(
                "Prefer", in: "header", required: false,
                "handling=lenient drops what a target cannot take; return=minimal leaves the product out.",
                to: &writer)
        }
        writer.object("requestBody") { writer in
            writer.member("required", true)
            writer.object("content") { writer in
                let types =
                    operation == .update
                    ? ["application/merge-patch+json", "application/json"] : ["application/json"]
                for type in types { self.writeSchema(type, "ProductUpdate", to: &writer) }
            }
        }
        writer.object("responses") { writer in
            self.writeResponse("200", "The canonical product.", "application/json", "Answer", to: &writer)
            self.writeResponse(
                "207", "Several targets: one complete result for each.", "application/json", "Results", to: &writer)
            for status in Set(ProblemCode.allCases.map(\.status)).sorted() {
                let codes = ProblemCode.allCases.filter { $0.status == status }.map(\.rawValue)
                self.writeResponse(
                    String(status), codes.joined(separator: ", "), Problem.mediaType, "Problem", to: &writer)
            }
        }
    }

    private static func writeGet(
        _ path: String, _ identifier: String, _ summary: String, _ schema: String?, parameter: String? = nil,
        to writer: inout JSONWriter
    ) {
        writer.object(path) { writer in
            writer.object("get") { writer in
                writer.member("operationId", identifier)
                writer.member("summary", summary)
                if let parameter {
                    writer.array("parameters") { writer in
                        self.writeParameter(
                            parameter, in: "path", required: true, "Which one.",
                            choices: parameter == "code" ? ProblemCode.allCases.map(\.rawValue) : [], to: &writer)
                    }
                }
                writer.object("responses") { writer in
                    self.writeResponse("200", summary, "application/json", schema, to: &writer)
                    if parameter != nil {
                        self.writeResponse("404", "No such thing.", Problem.mediaType, "Problem", to: &writer)
                    }
                }
            }
        }
    }

    private static func writeResponse(
        _ status: String, _ description: String, _ mediaType: String, _ schema: String?, to writer: inout JSONWriter
    ) {
        writer.object(status) { writer in
            writer.member("description", description)
            writer.object("content") { writer in
                guard let schema else {
                    writer.object(mediaType) { $0.object("schema") { _ in } }
                    return
                }
                self.writeSchema(mediaType, schema, to: &writer)
            }
        }
    }

    private static func writeSchema(_ mediaType: String, _ schema: String, to writer: inout JSONWriter) {
        writer.object(mediaType) { writer in
            writer.object("schema") { $0.member("$ref", "#/components/schemas/\(schema)") }
        }
    }
}
