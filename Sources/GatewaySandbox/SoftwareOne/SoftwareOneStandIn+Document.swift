extension SoftwareOneStandIn {
    static let seed: [String: Product] = {
        let products = [
            Product(
                id: "PRD-1234-1234", name: "Microsoft 365 Business", shortDescription: "Office apps and mail",
                longDescription: "<p>Office apps, mail and storage.</p>", operationsID: "OPS-1234",
                website: "https://example.com/m365", status: "Published", revision: 7),
            Product(id: "PRD-0000-0001", name: "Product in draft", status: "Draft", revision: 1),
            Product(
                id: "PRD-4030-0403", name: "Product of another account", status: "Published", revision: 3,
                isForeign: true),
        ]
        return Dictionary(products.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }()

    /// The product as the page's answer shows it, less what answers leave out: null and empty members, and `audit`
    /// unless it is selected, which `$meta.omitted` then tells.
    ///
    /// - Parameter id: as it stood in the request's path.
    static func document(_ product: Product, id: String, includesAudit: Bool) -> SandboxJSON {
        var object: SandboxObject = ["id": .string(id)]
        if includesAudit {
            let person: SandboxJSON = ["id": "USR-0000-0001", "name": "Sandbox"]
            object["audit"] = [
                "created": ["at": .string(product.createdAt), "by": person],
                "updated": ["at": .string(product.updatedAt), "by": person],
            ]
        } else {
            object["$meta"] = ["omitted": ["audit"]]
        }
        object["href"] = .string("/catalog/products/\(id)")
        object["name"] = .string(product.name)
        object["shortDescription"] = SandboxJSON(product.shortDescription)
        object["longDescription"] = SandboxJSON(product.longDescription)
        object["externalIds"] = product.operationsID.map { ["operations": .string($0)] }
        object["website"] = SandboxJSON(product.website)
        object["icon"] = .string("/static/\(product.id)/icon.png")
        object["status"] = .string(product.status)
        object["revision"] = SandboxJSON(product.revision)
        object["vendor"] = [
            "id": "ACC-1111-2222", "type": "Vendor", "status": "Active", "name": "Example Vendor", "revision": 2,
        ]
        object["settings"] = [
            "productOrdering": true,
            "productRequests": ["enabled": false],
            "itemSelection": true,
            "orderQueueChanges": false,
            "preValidation": [
                "purchaseOrderDraft": true, "purchaseOrderQuerying": false, "changeOrderDraft": true,
                "terminationOrder": true, "productRequest": false,
            ],
            "splitBilling": ["enabled": false],
        ]
        object["statistics"] = [
            "itemCount": 1, "ordersPlacedCount": 1, "agreementCount": 1, "subscriptionCount": 1, "requestCount": 0,
        ]
        return .object(SandboxObject(object.members.filter { !$0.value.isEmpty }))
    }
}
