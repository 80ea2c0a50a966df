import BenchmarkBodies

/// What the vendor answers.
enum BenchmarkAnswer {
    /// Of the product; `BenchmarkVendor` puts that of the request in its place.
    static let productID = Array("5d8f7c1e-6a0b-4f8f-9f55-1b7e3a6c2d10".utf8)

    /// A product of about 1.5 KB.
    static let product: [UInt8] = {
        let attributes = String(decoding: ProductBody.update(bytes: 1200), as: UTF8.self)
            .replacing("\"translations\":", with: "\"locales\":").replacing("\"gtin\":", with: "\"upc_ean\":")
            .replacing("\"customFields\":", with: "\"extensions\":")
        return Array(
            """
            {"data":{"type":"product","id":"5d8f7c1e-6a0b-4f8f-9f55-1b7e3a6c2d10","attributes":\(attributes),\
            "meta":{"created_at":"2026-11-22T10:00:00Z","owner":"store","variation_matrix":{}},\
            "relationships":{"children":{"data":[],"links":{"self":"/products/5d8f7c1e/children"}}}},\
            "links":{"self":"/products/5d8f7c1e-6a0b-4f8f-9f55-1b7e3a6c2d10"}}
            """.utf8)
    }()

    /// A refusal in the vendor's shape.
    static let errors = Array(
        """
        {"errors":[{"title":"Failed Validation","detail":"data.attributes.sku: sku already exists.","status":"422"}]}
        """.utf8)
}
