extension CORStandIn {
    /// Every error name of COR's pages, and the five shapes of its v1 OpenAPI document.
    static let ownProvocations: [Provocation] = [
        .answer("zc001", "ZC001 in the shape CORCustomError, status 400") { _ in CORError.notAssociated() },
        .answer("zc001-404", "the same with status 404") { _ in CORError.notAssociated(status: 404) },
        .answer("zc001-417", "the same with status 417") { _ in CORError.notAssociated(status: 417) },
        .answer("zc001-no-status", "ZC001 without the member `status`") { _ in
            VendorAnswer(
                status: 400,
                json: ["name": "CORCustomError", "code": "ZC001", "message": "Entity is not associated"])
        },
        .answer("zc001-string-status", "ZC001 in the shape CORErrorResponse, whose status is \"ERROR\"") { _ in
            VendorAnswer(
                status: 404, json: ["status": "ERROR", "code": "ZC001", "message": "Entity is not associated"])
        },
        .answer("product-not-found", "ProductNotFoundError") { CORError.productNotFound($0.id) },
        .answer("client-not-found", "ClientNotFoundError") { _ in CORError.clientNotFound() },
        .answer("brand-not-found", "BrandNotFoundError") { _ in CORError.brandNotFound() },
        .answer("duplicate", "DuplicateExternalIdError") { CORError.duplicateExternalID($0.id) },
        .answer("validation", "ValidationError: missing metadata.source") { _ in
            CORError.validation("metadata.source is required")
        },
        .answer("validation-400", "the same with status 400") { _ in
            CORError.custom(400, name: "ValidationError", "metadata.source is required")
        },
        .answer("validation-array", "417 with the top-level array ValidationErrorArray, naming `name`") { _ in
            VendorAnswer(
                status: 417,
                json: [["field": "name", "validation": "required", "message": "required validation failed on name"]])
        },
        .answer("exists-417", "417 AC001: exists validation failed on client_id") { _ in
            CORError.custom(
                417, name: "CORCustomError", code: "AC001", "exists validation failed on client_id")
        },
        .answer("invalid-source", "InvalidSourceError") { _ in CORError.invalidSource() },
        .answer("deletion-error", "DeletionError") { _ in CORError.deletion() },
        .answer("custom-400", "400 F010: Validation error message") { _ in
            CORError.custom(400, name: "CORCustomError", code: "F010", "Validation error message")
        },
        .answer("401", "an expired token: `{\"error\":401,…}`, whose `error` is a number") { _ in
            CORError.plain(401, "Unauthorized")
        },
        .answer("403", "`{\"error\":403,…}`") { _ in CORError.plain(403, "Forbidden") },
        .answer("404", "`{\"error\":404,…}`") { _ in CORError.plain(404, "Not Found") },
        .answer("429", "`{\"error\":429,…}`") { _ in CORError.plain(429, "Too Many Requests") },
        .answer("429-retry-after", "the same with `retry-after: 1`") { _ in
            var answer = CORError.plain(429, "Too Many Requests")
            answer.headers.append(SandboxHeader("retry-after", "1"))
            return answer
        },
        .answer("500", "500 with the body `null`, as the v1 document has it") { _ in
            VendorAnswer(status: 500, json: .null)
        },
        .answer("503", "`{\"error\":503,…}`; COR advises to wait five minutes") { _ in
            CORError.plain(503, "Service Unavailable")
        },
    ]
}
