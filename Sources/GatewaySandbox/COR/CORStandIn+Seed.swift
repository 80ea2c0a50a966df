extension CORStandIn {
    /// Clients and brands known to every source, by their external ids; the first of each is the page's example.
    static let clients = ["EXT-CLIENT-67890": 58_294, "EXT-CLIENT-2": 58_295]
    static let brands = ["EXT-BRAND-11111": 52_187, "EXT-BRAND-2": 52_186]

    static let seed: [ExternalID: Product] = [
        ExternalID(source: "MICROSOFT_DYNAMICS", id: "EXT-PROD-12345"): Product(
            id: 52_188, name: "Premium Product", description: "Premium product description", clientID: 58_294,
            brandID: 52_187, createdAt: "2025-12-09T15:22:28Z", updatedAt: "2025-12-09T15:22:28Z",
            isOpenToCreation: true),
        ExternalID(source: "MICROSOFT_DYNAMICS", id: "EXT-PROD-TAKEN"): Product(
            id: 52_101, name: "Product that was here before", clientID: 58_294, brandID: 52_187,
            createdAt: "2025-11-03T08:00:00Z", updatedAt: "2025-11-03T08:00:00Z", hasProjects: true),
        ExternalID(source: "SALESFORCE", id: "EXT-PROD-SALESFORCE"): Product(
            id: 52_102, name: "Product of another source", clientID: 58_295, brandID: 52_186,
            createdAt: "2025-11-04T09:30:00Z", updatedAt: "2025-11-04T09:30:00Z"),
    ]
}
