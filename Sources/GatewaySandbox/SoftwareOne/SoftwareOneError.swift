/// SoftwareOne's failures, in the four shapes its own material shows. The media type is `application/json` in its
/// OpenAPI document, not `application/problem+json`.
enum SoftwareOneError {
    /// A W3C trace context value, as in the vendor's example.
    static let traceID = "00-9e02a91b64ac56904703a3a69ea9101d-56be90a29d0b0b25-00"

    /// Shape A: `errors` is an object of lists (page "Errors handling").
    static func errorsObject(_ errors: [(field: String, message: String)]) -> VendorAnswer {
        var object = SandboxObject()
        for error in errors {
            object[error.field] = .array((object[error.field]?.array ?? []) + [.string(error.message)])
        }
        return self.problem(
            400, section: "15.5.1", title: "Bad Request", detail: "One or more validation errors occurred.",
            errors: .object(object))
    }

    /// Shape B: `errors` is a list of messages with the properties they are about (page "Error").
    static func errorsArray(_ errors: [(message: String, properties: [String])]) -> VendorAnswer {
        VendorAnswer(
            status: 400,
            json: [
                "title": "Product update failed",
                "detail": .string(errors.map(\.message).joined(separator: "; ")),
                "status": 400,
                "type": .string(self.documentationPage + "catalog#MPTCAT01-0078"),
                "traceId": .string(self.traceID),
                "errors": .array(
                    errors.map { ["message": .string($0.message), "properties": SandboxJSON($0.properties)] }),
            ])
    }

    /// Shape C: no `errors`, all in `detail` (page "Error").
    static func noErrors() -> VendorAnswer {
        VendorAnswer(
            status: 400,
            json: [
                "title": "Product update failed", "detail": "External ID is too long", "status": 400,
                "type": .string(self.documentationPage + "commerce#MPTCOM03-0078"),
                "traceId": .string(self.traceID),
            ])
    }

    /// Shape D: the API gateway in front of the platform (the vendor's own client tests for it).
    static func edge(_ status: Int, _ message: String) -> VendorAnswer {
        VendorAnswer(status: status, json: ["message": .string(message), "statusCode": SandboxJSON(status)])
    }

    static func notFound(_ id: String) -> VendorAnswer {
        self.problem(404, section: "15.5.5", title: "Not Found", detail: "Product \(id) was not found.")
    }

    static func forbidden() -> VendorAnswer {
        self.problem(
            403, section: "15.5.4", title: "Forbidden", detail: "The product belongs to another account.")
    }

    static func unauthorized() -> VendorAnswer {
        self.problem(401, section: "15.5.2", title: "Unauthorized", detail: "The API token is not valid.")
    }

    static func unsupportedMediaType() -> VendorAnswer {
        self.problem(
            415, section: "15.5.16", title: "Unsupported Media Type",
            detail: "Use application/json or multipart/form-data.")
    }

    static let documentationPage = "https://docs.platform.softwareone.com/developer-resources/rest-api/errors/"

    /// RFC 9457's members with `traceId`; `section` is that of RFC 9110.
    static func problem(
        _ status: Int, section: String, title: String, detail: String, errors: SandboxJSON? = nil
    ) -> VendorAnswer {
        var object: SandboxObject = [
            "type": .string("https://tools.ietf.org/html/rfc9110#section-\(section)"), "title": .string(title),
            "status": SandboxJSON(status), "detail": .string(detail), "traceId": .string(self.traceID),
        ]
        if let errors { object["errors"] = errors }
        return VendorAnswer(status: status, json: .object(object))
    }
}
