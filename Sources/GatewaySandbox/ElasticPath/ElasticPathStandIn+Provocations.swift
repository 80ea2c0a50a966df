extension ElasticPathStandIn {
    /// Every documented failure of the page and the guides, in every shape their examples take.
    static let ownProvocations: [Provocation] = [
        .answer("400-parse", "400 Could not parse the supplied filter") { _ in
            ElasticPathError.plain(400, "Bad Request", detail: "Could not parse the supplied filter")
        },
        .answer("401", "an expired token; `status` is the number 401") { _ in ElasticPathError.expiredToken() },
        .answer("403-owned", "403 entity owned by organization") { _ in ElasticPathError.ownedByOrganization() },
        .answer("403", "403 without a detail") { _ in ElasticPathError.plain(403, "Forbidden") },
        .answer("404", "404 without a detail") { _ in ElasticPathError.notFound() },
        .answer("409", "409 write conflict detected") { _ in ElasticPathError.conflict() },
        .answer("422-empty-field", "422 name can not be empty") { _ in
            ElasticPathError.failedValidation([.invalid("name can not be empty")])
        },
        .answer("422-documented", "422 word for word as on the page: <XYZ> can not be empty") { _ in
            ElasticPathError.failedValidation([.invalid("<XYZ> can not be empty")])
        },
        .answer("422-no-status", "422 with two errors that have no `status`") { _ in
            ElasticPathError.failedValidation([
                .required("data.attributes.name"), .required("data.attributes.commodity_type"),
            ])
        },
        .answer("422-number-status", "422 whose `status` is a number") { _ in
            ElasticPathError.answer(
                422,
                [
                    [
                        "status": 422, "title": "Failed Validation",
                        "detail": "data.attributes.slug: Must be unique amongst products.",
                    ]
                ])
        },
        .answer("422-sku", "422 data.attributes.sku: Must be unique amongst products.") { _ in
            ElasticPathError.failedValidation([.invalid("data.attributes.sku: Must be unique amongst products.")])
        },
        .answer("422-several", "422 with three errors about three fields") { _ in
            ElasticPathError.failedValidation([
                .invalid("data.attributes.sku: Must be unique amongst products."),
                .invalid("data.attributes.tags.0: Does not match pattern '^[^\\s,]+$'"),
                .required("data.attributes.locales.fr-FR.name"),
            ])
        },
        .answer("422-missing-ids", "422 with `meta.missing_ids`") { _ in
            ElasticPathError.missingIDs(["e7d50bd5-1833-43c0-9848-f9d325b08be8"])
        },
        .answer("422-source", "422 whose error has `source` as a string") { _ in
            ElasticPathError.answer(
                422,
                [
                    [
                        "title": "Failed Validation", "status": "422", "detail": "sku is invalid",
                        "source": "data.attributes.sku",
                    ]
                ])
        },
        .answer("429", "429 with the number 429 and no retry-after") { _ in
            ElasticPathError.numeric(429, "Too Many Requests")
        },
        .answer("429-retry-after", "the same with `retry-after: 1`") { _ in
            var answer = ElasticPathError.numeric(429, "Too Many Requests")
            answer.headers.append(SandboxHeader("retry-after", "1"))
            return answer
        },
        .answer("500", "500 with a `request_id`") { _ in ElasticPathError.internalServerError() },
        .answer("500-schema", "500 as the schema's sample: `request_id` and `meta.missing_ids`") { _ in
            ElasticPathError.answer(
                500,
                [
                    [
                        "status": "500", "title": "Internal server error", "detail": "An internal error has occurred.",
                        "request_id": "00000000-0000-0000-0000-000000000000",
                        "meta": ["missing_ids": ["e7d50bd5-1833-43c0-9848-f9d325b08be8"]],
                    ]
                ])
        },
        .answer("503", "503 with the usual error document") { _ in
            ElasticPathError.plain(503, "Service Unavailable")
        },
    ]
}
