extension CatalogueStandIn {
    /// The candidate shapes of failures (none is documented), and the semantics that are disputed.
    static let ownProvocations: [Provocation] = [
        .answer("404", "404 without a body") { _ in CatalogueError.notFoundEmpty() },
        .answer("404-message", "404 with `{\"message\"}`") { _ in CatalogueError.message(404, "Product not found") },
        .answer("404-problem", "404 as Symfony's problem document") { _ in
            CatalogueError.problem(404, "Not Found")
        },
        .answer("400-message", "400 with `{\"message\"}`") { _ in
            CatalogueError.message(400, "The request is not valid.")
        },
        .answer("422-violations", "422 with two `violations`: name and measurement.id") { _ in
            CatalogueError.violations([
                .init(path: "name", message: "This value should not be blank."),
                .init(path: "measurement.id", message: "This is not a valid UUID."),
            ])
        },
        .answer("401", "401 with `{\"message\"}`") { _ in CatalogueError.message(401, "Invalid API key.") },
        .answer("403", "403 with `{\"message\"}`: the permission product:write is missing") { _ in
            CatalogueError.message(403, "Access Denied.")
        },
        .answer("409", "409 with `{\"message\"}`") { _ in
            CatalogueError.message(409, "The product has been changed in the meantime.")
        },
        .answer("429", "429 with `{\"message\"}`") { _ in CatalogueError.message(429, "Too Many Requests") },
        .answer("429-retry-after", "the same with `retry-after: 1`") { _ in
            var answer = CatalogueError.message(429, "Too Many Requests")
            answer.headers.append(SandboxHeader("retry-after", "1"))
            return answer
        },
        .answer("500", "500 as Symfony's problem document") { _ in
            CatalogueError.problem(500, "Internal Server Error")
        },
        .answer("503", "503 with `{\"message\"}`") { _ in CatalogueError.message(503, "Service Unavailable") },
        .behaviour("partial", "a PUT changes only what it sends, for this id"),
        .behaviour("etag", "answers have an `etag`; an `If-Match` that does not match is refused with 412"),
        .behaviour("etag-409", "the same, refused with 409"),
        .behaviour("etag-race", "like `etag`, and someone else changes the product after every read"),
        .behaviour("array-maps", "empty maps are written `[]`"),
        .behaviour("object-maps", "empty maps are written `{}`"),
        .behaviour("escaped", "text as PHP writes it: `\\u00fc`, `\\/`"),
    ]
}
