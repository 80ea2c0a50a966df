/// What the examples are made of.
extension WorkbenchExample {
    /// A product with a value for nearly every canonical member, which each dialect takes as many of as it has.
    static let sample = """
        {
          "name": "Espresso machine",
          "description": "Grinds and brews. Mahlt und brüht.",
          "shortDescription": "Coffee at a button",
          "internalName": "Espresso machine (2026)",
          "sku": "ESP-1",
          "slug": "espresso-machine",
          "gtin": "0012345678905",
          "mpn": "EM-100",
          "externalRef": "ERP-4711",
          "externalIds": { "erp": "4711", "shop": "A-17" },
          "status": "live",
          "kind": "physical",
          "website": "https://shop.example/espresso-machine",
          "tags": ["coffee", "kitchen"],
          "translations": { "de-DE": { "name": "Espressomaschine" } },
          "families": [{ "id": "ad8b3b9e-5b0a-4e1a-8b0a-4e1a8b0a4e1a" }],
          "billing": { "taxGroup": { "id": "ad8f1c9c-4f0a-4e1a-8b1a-9c4d9c4d9c4d" }, "invoiceVisibility": "always" },
          "customFields": { "colour": "black" },
          "clientId": "58294",
          "brandId": "52187"
        }
        """

    /// Ids of the form that a vendor has, and that its stand-in knows.
    static let ids = [
        "cor": "EXT-PROD-12345",
        "elastic-path": "60afe403-a191-455e-b771-c510c928a308",
        "softwareone": "PRD-1234-1234",
        "catalogue": "ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b",
    ]

    /// What the vendors' documents show, shortened: docs/dialects.md says which.
    static let answers: [String: [Answer]] = [
        "cor": [
            Answer(
                title: "Updated", status: 200,
                body: """
                    {
                      "id": 52188,
                      "name": "Espresso machine",
                      "description": "Grinds and brews. Mahlt und brüht.",
                      "client_id": 58294,
                      "updated_at": "2025-12-09T15:45:00Z"
                    }
                    """),
            Answer(
                title: "Unknown product", status: 400,
                body: """
                    {
                      "status": 400,
                      "name": "CORCustomError",
                      "code": "ZC001",
                      "message": "Entity is not associated"
                    }
                    """),
        ],
        "elastic-path": [
            Answer(
                title: "Updated", status: 200,
                body: """
                    {
                      "data": {
                        "id": "60afe403-a191-455e-b771-c510c928a308",
                        "type": "product",
                        "attributes": {
                          "name": "Espresso machine",
                          "sku": "ESP-1",
                          "status": "live",
                          "commodity_type": "physical",
                          "upc_ean": "0012345678905",
                          "locales": { "de-DE": { "name": "Espressomaschine" } }
                        }
                      }
                    }
                    """),
            Answer(
                title: "Refused fields", status: 422,
                body: """
                    {
                      "errors": [
                        {
                          "title": "Failed Validation",
                          "detail": "data.attributes.upc_ean: must be at least 8 characters",
                          "status": "422",
                          "source": { "pointer": "/data/attributes/upc_ean" }
                        }
                      ]
                    }
                    """),
        ],
        "softwareone": [
            Answer(
                title: "Updated", status: 200,
                body: """
                    {
                      "id": "PRD-1234-1234",
                      "name": "Espresso machine",
                      "shortDescription": "Coffee at a button",
                      "status": "Published",
                      "externalIds": { "erp": "4711" }
                    }
                    """),
            Answer(
                title: "Refused fields", status: 400,
                body: """
                    {
                      "title": "One or more validation errors occurred.",
                      "status": 400,
                      "errors": { "ShortDescription": ["must not be longer than 200 characters"] }
                    }
                    """),
        ],
        "catalogue": [
            Answer(
                title: "Updated", status: 200,
                body: """
                    {
                      "id": "ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b",
                      "name": "Espresso machine",
                      "internalName": "Espresso machine (2026)",
                      "number": "ESP-1",
                      "invoiceVisibility": "always",
                      "isArchived": false,
                      "customFields": { "colour": "black" }
                    }
                    """),
            Answer(
                title: "Refused fields", status: 422,
                body: """
                    {
                      "type": "https://tools.ietf.org/html/rfc2616#section-10",
                      "title": "An error occurred",
                      "detail": "number: This value is already used.",
                      "violations": [{ "propertyPath": "number", "message": "This value is already used." }]
                    }
                    """),
        ],
    ]
}
