extension CatalogueStandIn {
    /// The page's product, and one with nothing but a name and empty maps.
    static let seed: [String: Product] = {
        let example = "ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b"
        let bare = "5f6c0a51-0000-4000-8000-000000000001"
        var plain = blank(bare, createdAt: "2023-11-07T05:31:56Z")
        plain["name"] = "Product without anything"
        return [
            example: Product(document: exampleDocument(example), revision: 1),
            bare: Product(document: plain, revision: 1),
        ]
    }()

    private static func exampleDocument(_ id: String) -> SandboxObject {
        var document = blank(id, createdAt: "2023-11-07T05:31:56Z")
        document["productFamilies"] = .array(families["ad8b3b9e-5b0a-4e1a-8b0a-4e1a8b0a4e1a"].map { [$0] } ?? [])
        document["name"] = "Basic"
        document["description"] = "For small teams."
        document["internalName"] = "Basic (Weekly)"
        document["number"] = "M-1234"
        document["measurement"] = measurements[id]
        document["costCentre"] = costCentres["ad8f1c9c-4f0a-4e1a-8b1a-9c4d9c4d9c4d"]
        document["taxGroup"] = taxGroups["00000000-0000-0000-0000-000000000000"]
        document["isArchived"] = true
        document["customFields"] = ["field1": "value1", "field2": "value2"]
        return document
    }

    /// Every member of the page's answer, empty.
    static func blank(_ id: String, createdAt: String) -> SandboxObject {
        [
            "id": .string(id), "productFamilies": [], "name": .null, "description": .null, "internalName": .null,
            "number": .null, "translations": [:], "type": "product", "measurement": .null,
            "invoiceVisibility": "always", "costCentre": .null, "createdAt": .string(createdAt),
            "updatedAt": .string(createdAt), "taxGroup": .null, "isArchived": false, "customFields": [:],
        ]
    }

    // What products may refer to, by id; the first of each is the page's.

    static let families: [String: SandboxJSON] = [
        "ad8b3b9e-5b0a-4e1a-8b0a-4e1a8b0a4e1a": [
            "id": "ad8b3b9e-5b0a-4e1a-8b0a-4e1a8b0a4e1a", "name": "Team Packages",
        ],
        "ad8b3b9e-0000-4000-8000-000000000002": [
            "id": "ad8b3b9e-0000-4000-8000-000000000002", "name": "Enterprise Packages",
        ],
    ]

    static let measurements: [String: SandboxJSON] = [
        // The odd `{}` for the unit's id and the `<any>`s are the page's.
        "ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b": [
            "id": "ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b",
            "unit": ["id": [:], "name": "Stück", "translations": [:]],
            "code": "users", "description": "The number of users.", "aggregationType": "<any>",
            "fairBilling": true, "type": "<any>",
        ],
        "ad8f1c2c-0000-4000-8000-000000000002": [
            "id": "ad8f1c2c-0000-4000-8000-000000000002",
            "unit": ["id": [:], "name": "GB", "translations": [:]],
            "code": "storage", "description": "Gigabytes stored.", "aggregationType": "<any>",
            "fairBilling": false, "type": "<any>",
        ],
    ]

    static let taxGroups: [String: SandboxJSON] = [
        "00000000-0000-0000-0000-000000000000": [
            "id": "00000000-0000-0000-0000-000000000000", "internalDescription": "19%",
            "reverseChargeType": "REVERSE_CHARGE", "type": "standard",
        ],
        "00000000-0000-0000-0000-000000000007": [
            "id": "00000000-0000-0000-0000-000000000007", "internalDescription": "7%",
            "reverseChargeType": "REVERSE_CHARGE", "type": "standard",
        ],
    ]

    static let costCentres: [String: SandboxJSON] = [
        "ad8f1c9c-4f0a-4e1a-8b1a-9c4d9c4d9c4d": [
            "id": "ad8f1c9c-4f0a-4e1a-8b1a-9c4d9c4d9c4d", "name": "Cost Centre", "code": "CC", "type": "KOST1",
            "createdAt": "2021-01-01T00:00:00+00:00", "updatedAt": "2021-01-01T00:00:00+00:00",
        ]
    ]
}
