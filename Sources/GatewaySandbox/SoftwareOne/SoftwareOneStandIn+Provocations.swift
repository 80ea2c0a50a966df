extension SoftwareOneStandIn {
    /// Each shape of the vendor's failures. The aliases have the form of its ids, `PRD-NNNN-NNNN`.
    static let ownProvocations: [Provocation] = [
        .answer("errors-object", alias: "PRD-9400-0001", "400, shape A: `errors` is an object of lists") { _ in
            SoftwareOneError.errorsObject([
                ("shortDescription", "The field shortDescription must be a string with a maximum length of 255."),
                ("website", "The website field is not a valid fully-qualified URL."),
            ])
        },
        .answer("errors-documented", alias: "PRD-9400-0005", "400, shape A word for word as documented") { _ in
            SoftwareOneError.errorsObject([("mistake", "Unknown expression group.")])
        },
        .answer("errors-array", alias: "PRD-9400-0002", "400, shape B: `errors` is a list with `properties`") { _ in
            SoftwareOneError.errorsArray([
                ("Website is not a valid address", ["website"]),
                ("External ID is too long", ["externalIds.operations"]),
            ])
        },
        .answer("errors-array-documented", alias: "PRD-9400-0006", "400, shape B word for word as documented") { _ in
            VendorAnswer(
                status: 400,
                json: [
                    "title": "Order update failed",
                    "detail":
                        "Value of listing does not correspond to a valid listing; External ID is too long",
                    "status": 400, "type": .string(SoftwareOneError.documentationPage + "billing#MPTBIL03-0078"),
                    "traceId": "00-00000000000000000000000000000000-0000000000000000-00",
                    "errors": [
                        [
                            "message": "Value of listing does not correspond to a valid listing",
                            "properties": ["listing.id"],
                        ],
                        ["message": "External ID is too long", "properties": ["externalId"]],
                    ],
                ])
        },
        .answer("no-errors", alias: "PRD-9400-0003", "400, shape C: only a detail; the code is in `type`") { _ in
            SoftwareOneError.noErrors()
        },
        .answer("details", alias: "PRD-9400-0004", "400, shape C with `details` for `detail`") { _ in
            VendorAnswer(
                status: 400,
                json: [
                    "title": "Product update failed", "details": "External ID is too long", "status": 400,
                    "type": .string(SoftwareOneError.documentationPage + "catalog#MPTCAT03-0078"),
                    "traceId": .string(SoftwareOneError.traceID),
                ])
        },
        .answer("401", alias: "PRD-9401-0001", "401 as a problem document") { _ in SoftwareOneError.unauthorized() },
        .answer("403", alias: "PRD-9403-0001", "403 as a problem document") { _ in SoftwareOneError.forbidden() },
        .answer("404", alias: "PRD-9404-0001", "404 as a problem document") { SoftwareOneError.notFound($0.id) },
        .answer("edge-404", alias: "PRD-9404-0004", "404, shape D: `message` and `statusCode`") { _ in
            SoftwareOneError.edge(404, "Resource not found")
        },
        .answer("409", alias: "PRD-9409-0001", "409 as a problem document") { _ in
            SoftwareOneError.problem(
                409, section: "15.5.10", title: "Conflict", detail: "The product is being changed by someone else.")
        },
        .answer("429", alias: "PRD-9429-0001", "429, shape D; not documented") { _ in
            SoftwareOneError.edge(429, "Rate limit is exceeded. Try again in 1 seconds.")
        },
        .answer("429-retry-after", alias: "PRD-9429-0002", "the same with `retry-after: 1`") { _ in
            var answer = SoftwareOneError.edge(429, "Rate limit is exceeded. Try again in 1 seconds.")
            answer.headers.append(SandboxHeader("retry-after", "1"))
            return answer
        },
        .answer("500", alias: "PRD-9500-0001", "500 without a body, as its OpenAPI document has it") { _ in
            VendorAnswer(status: 500)
        },
        .answer("500-text", alias: "PRD-9500-0002", "500 with text/plain Internal Server Error") { _ in
            VendorAnswer(status: 500, text: "Internal Server Error", contentType: "text/plain")
        },
        .answer("503", alias: "PRD-9503-0001", "503, shape D") { _ in
            SoftwareOneError.edge(503, "Service Unavailable")
        },
        .answer("504", alias: "PRD-9504-0001", "504, shape D") { _ in SoftwareOneError.edge(504, "Gateway Timeout") },
    ]
}
