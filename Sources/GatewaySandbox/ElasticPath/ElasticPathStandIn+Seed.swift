extension ElasticPathStandIn {
    /// The vendor's example products, one that belongs to the organization, and one whose unique values are taken.
    static let seed: [String: Product] = {
        var products: [Product] = []
        let examples = [
            ElasticPathExamples.range, ElasticPathExamples.shirt, ElasticPathExamples.bundle,
            ElasticPathExamples.coffeeBundle,
        ]
        for text in examples {
            // A text that does not parse is left out; a test counts the products.
            if let document = try? SandboxJSON(reading: Array(text.utf8)), let product = Product(document) {
                products.append(product)
            }
        }
        products.append(
            simple(
                "0f0a0e0d-0000-4000-8000-000000000403", isOwnedByOrganization: true,
                [
                    "name": "Product of the organization", "sku": "ORG-SKU", "slug": "org-sku", "status": "live",
                    "commodity_type": "physical",
                ]))
        products.append(
            simple(
                "0f0a0e0d-0000-4000-8000-000000000422", isOwnedByOrganization: false,
                [
                    "name": "Product with taken values", "sku": "TAKEN-SKU", "slug": "taken-slug",
                    "external_ref": "TAKEN-REF", "status": "live", "commodity_type": "physical",
                ]))
        return Dictionary(uniqueKeysWithValues: products.map { ($0.id, $0) })
    }()

    private static func simple(_ id: String, isOwnedByOrganization: Bool, _ attributes: SandboxObject) -> Product {
        Product(
            id: id, attributes: attributes, relationships: self.relationships(id),
            meta: [
                "created_at": "2023-09-28T10:43:41.720Z", "owner": isOwnedByOrganization ? "organization" : "store",
                "product_types": ["standard"], "updated_at": "2023-09-28T10:43:41.720Z",
            ],
            isOwnedByOrganization: isOwnedByOrganization)
    }
}

extension ElasticPathStandIn.Product {
    /// A product from an answer's document.
    fileprivate init?(_ document: SandboxJSON) {
        guard let data = document["data"], let id = data["id"]?.string,
            let attributes = data["attributes"]?.object, let meta = data["meta"]?.object
        else { return nil }
        self.init(
            id: id, attributes: attributes, relationships: data["relationships"] ?? [:], meta: meta,
            included: document["included"])
    }
}
