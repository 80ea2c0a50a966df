import GatewayJSON

extension OpenAPIDocument {
    private static let json = "application/json"
    private static let mergePatch = "application/merge-patch+json"
    /// What every reader of a document can run into: a path or fields that are too long, a gateway that has too much
    /// to do.
    private static let ofAnyRequest = ProblemCode.allCases.filter {
        $0 == .invalidRequest || $0 == .overloaded || $0 == .internalError || [414, 431].contains($0.status)
    }

    /// Every operation, in the order of the document.
    static func operations(_ particulars: Particulars) -> [OpenAPIOperation] {
        self.changes(particulars) + [self.stream(particulars), self.streamRecord, self.reading(of: particulars)]
            + self.options
            + self.readings
    }

    private static func changes(_ particulars: Particulars) -> [OpenAPIOperation] {
        let update = """
            Absent members stay as they are, `null` clears, a value sets (RFC 7396). A member that the target cannot \
            take, or cannot clear, is refused with everything else that is wrong, before anything is sent; \
            `Prefer: handling=lenient` drops it with a warning instead.
            """
        let parameters = ["target", "dryRun", "prefer", "idempotencyKey", "requestId"]
        let toProduct = ["id"] + parameters + ["ifMatch"]
        let body = "At most \(particulars.requestBytesMax) bytes, in UTF-8, without a content coding."
        let successes = [self.changed(200, particulars), self.several]
        return [
            OpenAPIOperation(
                path: "/v1/products/{id}", method: "patch", id: "updateProduct", tag: "products",
                summary: "Update a product", description: update, parameters: toProduct,
                bodyTypes: [self.mergePatch, self.json], bodyDescription: body,
                bodyExamples: ["rename", "translate", "clear", "several_ids"],
                successes: successes, problems: nil),
            OpenAPIOperation(
                path: "/v1/products/{id}", method: "put", id: "updateProductByPut", tag: "products",
                summary: "Update a product", description: "The same as PATCH, because vendors call it PUT. " + update,
                parameters: toProduct, bodyTypes: [self.json, self.mergePatch], bodyDescription: body,
                bodyExamples: ["rename"],
                successes: successes, problems: nil),
            OpenAPIOperation(
                path: "/v1/products", method: "post", id: "createProduct", tag: "products", summary: "Create a product",
                description: """
                    At targets whose dialect has it. A create is never repeated by the gateway where the vendor may \
                    have acted, and should not be by a caller: where `outcome` is `unknown`, look at the vendor's \
                    products first. With an `Idempotency-Key` it may be sent again as often as it takes.
                    """,
                parameters: parameters, bodyTypes: [self.json, self.mergePatch], bodyDescription: body,
                bodyExamples: ["create"], successes: [self.dryCreate, self.changed(201, particulars), self.several],
                problems: nil),
        ]
    }

    private static func reading(of particulars: Particulars) -> OpenAPIOperation {
        OpenAPIOperation(
            path: "/v1/products/{id}", method: "get", id: "readProduct", tag: "products", summary: "Read a product",
            description: """
                As the vendor has it now, in canonical form, with its version in `ETag` where the vendor has one: what \
                to look at where the `outcome` of an update is `unknown`. At targets whose operations in \
                `GET /v1/targets` name `read`. It changes nothing and may be repeated.
                """,
            parameters: ["id", "target", "dryRun", "requestId"],
            successes: [self.changed(200, particulars), self.several], problems: nil)
    }

    /// What one target has done.
    private static func changed(_ status: Int, _ particulars: Particulars) -> OpenAPIOperation.Success {
        let vendor = particulars.answersInVendorWords
        let isCreate = status == 201
        return OpenAPIOperation.Success(
            status: status,
            description: (isCreate
                ? "Created: the product as the vendor holds it."
                : "The product as the vendor holds it now or, with `dryRun=true`, the request as it would be sent.")
                + (vendor ? " A target with `\"answers\": \"vendor\"` answers the vendor's own document." : ""),
            mediaType: self.json,
            schemas: ["Answer"] + (isCreate ? [] : ["DryRun"]) + (vendor ? ["VendorDocument"] : []),
            headers: ["preference-applied", "idempotent-replayed", "etag"] + (isCreate ? ["location"] : []),
            examples: isCreate ? ["created"] : ["updated", "dropped", "dry_run"])
    }

    private static let dryCreate = OpenAPIOperation.Success(
        status: 200, description: "With `dryRun=true`: the request as it would have been sent.", mediaType: json,
        schemas: ["DryRun"], headers: ["preference-applied"], examples: ["dry_run"])

    private static let several = OpenAPIOperation.Success(
        status: 207,
        description:
            "Several targets, of which at least one has succeeded: one complete result for each, in the order of "
            + "`target`. Where none has, the status is the one that all have in common, else 502 where one is a "
            + "failure of a server's, else 400; the body is the same.",
        mediaType: json, schemas: ["Results"], headers: ["preference-applied", "idempotent-replayed"],
        examples: ["several"])

    private static let options = [
        OpenAPIOperation(
            path: "/v1/products/{id}", method: "options", id: "optionsOfProduct", tag: "products",
            summary: "Which methods a product has", description: "Asks no vendor; the id is not looked at.",
            parameters: ["id", "requestId"],
            successes: [
                OpenAPIOperation.Success(
                    status: 204, description: "They are in `Allow`, and what a PATCH may be in `Accept-Patch`.",
                    headers: ["allow", "accept-patch"])
            ], problems: ofAnyRequest),
        OpenAPIOperation(
            path: "/v1/products", method: "options", id: "optionsOfProducts", tag: "products",
            summary: "Which methods the collection of products has", description: "Asks no vendor.",
            parameters: ["requestId"],
            successes: [
                OpenAPIOperation.Success(status: 204, description: "They are in `Allow`.", headers: ["allow"])
            ], problems: ofAnyRequest),
        OpenAPIOperation(
            path: "/v1/bulk", method: "options", id: "optionsOfBulk", tag: "products",
            summary: "Which methods streams of updates have", description: "Asks no vendor.",
            parameters: ["requestId"],
            successes: [
                OpenAPIOperation.Success(status: 204, description: "They are in `Allow`.", headers: ["allow"])
            ], problems: ofAnyRequest),
    ]

    private static let readings = [
        reading(
            "/v1/targets", "listTargets", "targets", "List the targets",
            "Their names are what `target` takes; `defaultTarget` is used where a request names none. A caller with "
                + "rules sees the targets where it may do something.",
            schema: "Targets", example: "targets"),
        reading(
            "/v1/targets/{name}", "getTarget", "targets", "What one target takes, clears and requires",
            "One entry for every canonical field, whether the target has it or not; for a caller with rules one for "
                + "each that it may set or read.", schema: "Target",
            parameter: "targetName", refusals: [.unknownTarget, .forbidden]),
        reading(
            "/v1/schemas/product-update.json", "getProductSchema", "documents", "The JSON Schema of an update",
            "JSON Schema 2020-12. A target may take less: see `GET /v1/targets/{name}`.",
            mediaType: ProductSchema.mediaType),
        reading(
            "/problems/{code}", "getProblem", "documents", "What a problem's code means and what to do about it",
            "What the `type` of every problem leads to.", schema: "ProblemPage", example: "problem_page",
            parameter: "code", refusals: [.notFound]),
        reading(
            "/openapi.json", "getOpenAPI", "documents", "This document",
            "OpenAPI 3.1, of this gateway and its targets.",
            mediaType: OpenAPIDocument.mediaType),
    ]

    private static func reading(
        _ path: String, _ id: String, _ tag: String, _ summary: String, _ description: String,
        mediaType: String = json, schema: String? = nil, example: String? = nil, parameter: String? = nil,
        refusals: [ProblemCode] = []
    ) -> OpenAPIOperation {
        OpenAPIOperation(
            path: path, method: "get", id: id, tag: tag, summary: summary, description: description,
            parameters: (parameter.map { [$0] } ?? []) + ["requestId"],
            successes: [
                OpenAPIOperation.Success(
                    status: 200, description: summary + ".", mediaType: mediaType, schemas: schema.map { [$0] } ?? [],
                    examples: example.map { [$0] } ?? [])
            ],
            problems: self.ofAnyRequest + refusals, isForEverybody: path.hasPrefix("/problems/"))
    }
}
