/// COR's failures. The integrations pages publish names and sentences but neither envelope nor status; the envelope is
/// `CORCustomError` of its v1 OpenAPI document, the statuses are our choice (unverified).
enum CORError {
    /// `{"status", "name", "code"?, "message"}`: schema CORCustomError.
    static func custom(
        _ status: Int, name: String, code: String? = nil, _ message: String
    ) -> VendorAnswer {
        var object: SandboxObject = ["status": SandboxJSON(status), "name": .string(name)]
        if let code { object["code"] = .string(code) }
        object["message"] = .string(message)
        return VendorAnswer(status: status, json: .object(object))
    }

    /// 417 is what COR's v1 API sends for failed validation.
    static func validation(_ message: String) -> VendorAnswer {
        self.custom(417, name: "ValidationError", message)
    }

    static func invalidSource() -> VendorAnswer {
        self.custom(
            400, name: "InvalidSourceError", "The metadata.source value is not a valid integration source")
    }

    /// ZC001, page "Update product".
    static func notAssociated(status: Int = 400) -> VendorAnswer {
        self.custom(status, name: "CORCustomError", code: "ZC001", "Entity is not associated")
    }

    static func productNotFound(_ id: String) -> VendorAnswer {
        self.custom(
            404, name: "ProductNotFoundError", "No product found with the external ID \(id) for this source")
    }

    static func clientNotFound() -> VendorAnswer {
        self.custom(
            404, name: "ClientNotFoundError", "The specified client does not exist in the integration mappings")
    }

    static func brandNotFound() -> VendorAnswer {
        self.custom(
            404, name: "BrandNotFoundError", "The specified brand does not exist in the integration mappings")
    }

    static func duplicateExternalID(_ id: String) -> VendorAnswer {
        self.custom(
            409, name: "DuplicateExternalIdError",
            "A product with the external ID \(id) already exists for this source")
    }

    static func deletion() -> VendorAnswer {
        self.custom(
            409, name: "DeletionError", "The entity cannot be deleted due to existing project associations")
    }

    /// `{"error": 401, "message"}`: schema Error, whose `error` is a number.
    static func plain(_ status: Int, _ message: String) -> VendorAnswer {
        VendorAnswer(status: status, json: ["error": SandboxJSON(status), "message": .string(message)])
    }
}
