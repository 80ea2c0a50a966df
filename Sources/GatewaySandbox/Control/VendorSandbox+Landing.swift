extension VendorSandbox {
    /// What a newcomer reads first: `GET /`. Made of the tables the stand-ins work with.
    func landingDocument() -> SandboxJSON {
        let credentials = self.options.credentials
        return [
            "what": "The vendor stand-ins of product-gateway: simulations that behave as the vendors' pages say.",
            "vendors": [
                "cor": self.vendorDocument(
                    CORStandIn.self, access: "Bearer \(credentials.corToken), or a token from the first path",
                    products: self.heldProducts(of: .cor).compactMap { $0["externalId"]?.string }),
                "elastic-path": self.vendorDocument(
                    ElasticPathStandIn.self,
                    access: "Bearer \(credentials.elasticPathToken), or a token from the first path",
                    products: self.heldProducts(of: .elasticPath).compactMap { $0["data"]?["id"]?.string }),
                "softwareone": self.vendorDocument(
                    SoftwareOneStandIn.self, access: "Bearer \(credentials.softwareOneToken)",
                    products: self.heldProducts(of: .softwareOne).compactMap { $0["id"]?.string }),
                "catalogue": self.vendorDocument(
                    CatalogueStandIn.self, access: "Bearer \(credentials.catalogueToken)",
                    products: self.heldProducts(of: .catalogue).compactMap { $0["id"]?.string }),
            ],
            "magicIDs": [
                "how": """
                Append ~WORD to a product's id (several: ~WORD~WORD) and it is provoked. once-WORD counts only the \
                first time that id is seen. A create takes the words in: cor id, elastic-path data.attributes.sku, \
                catalogue number. The header sandbox-provoke: WORD does the same for any request.
                """,
                "everyVendor": Self.words(SharedProvocations.all),
            ],
            "control": SandboxJSON(Self.controlPaths),
            "try": .string(
                "curl --http2-prior-knowledge -X PUT -H 'authorization: Bearer \(credentials.corToken)' "
                    + "-H 'content-type: application/json' http://THIS_HOST/v2/integrations/products/EXT-PROD-12345 "
                    + #"-d '{"metadata":{"source":"MICROSOFT_DYNAMICS"},"name":"Updated Premium Product"}'"#),
        ]
    }

    /// The landing document shows so many of a vendor's products, seeded ones first.
    private static let landingProductsMax = 10

    private func vendorDocument<StandIn: VendorStandIn>(
        _ standIn: StandIn.Type, access: String, products: [String]
    ) -> SandboxJSON {
        let shared = Set(SharedProvocations.all.map(\.word))
        return [
            "paths": SandboxJSON(standIn.paths),
            "authorization": .string(access),
            "products": SandboxJSON(Array(products.prefix(Self.landingProductsMax))),
            "words": Self.words(standIn.provocations.all.filter { !shared.contains($0.word) }),
        ]
    }

    private static func words(_ provocations: [Provocation]) -> SandboxJSON {
        .object(
            SandboxObject(
                provocations.map { provocation in
                    let alias = provocation.alias.map { " (also \($0))" } ?? ""
                    return SandboxObject.Member(
                        name: provocation.word, value: .string(provocation.meaning + alias))
                }))
    }
}
