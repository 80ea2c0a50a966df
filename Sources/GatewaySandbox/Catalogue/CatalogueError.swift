/// The catalogue's failures. Its pages document none: these are the three shapes its clients and its framework suggest.
enum CatalogueError {
    /// The vendor's old SDK tests for a 404 without a body.
    static func notFoundEmpty() -> VendorAnswer { VendorAnswer(status: 404) }

    /// `{"message"}`: what the vendor's n8n node reads from failures.
    static func message(_ status: Int, _ message: String) -> VendorAnswer {
        VendorAnswer(status: status, json: ["message": .string(message)])
    }

    /// Symfony's and API Platform's validation document.
    static func violations(_ violations: [CatalogueDraft.Violation]) -> VendorAnswer {
        let detail = violations.map { "\($0.path): \($0.message)" }.joined(separator: "\n")
        return VendorAnswer(
            status: 422,
            json: [
                "type": "https://symfony.com/errors/validation", "title": "Validation Failed", "status": 422,
                "detail": .string(detail),
                "violations": .array(
                    violations.map {
                        [
                            "propertyPath": .string($0.path), "message": .string($0.message),
                            "title": .string($0.message),
                        ]
                    }),
            ])
    }

    /// Symfony's problem document.
    static func problem(_ status: Int, _ detail: String) -> VendorAnswer {
        VendorAnswer(
            status: status,
            json: [
                "type": "https://tools.ietf.org/html/rfc2616#section-10", "title": "An error occurred",
                "status": SandboxJSON(status), "detail": .string(detail),
            ])
    }
}
