/// The request and the answer of the catalogue's page "Update a product".
enum CatalogueExample {
    static let request = #"""
        {
          "id": "ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b",
          "productFamilies": [[]],
          "name": "Basic",
          "description": "For small teams.",
          "internalName": "Basic (Weekly)",
          "number": "M-1234",
          "translations": [],
          "type": "",
          "measurement": {
            "id": "ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b",
            "code": "users",
            "description": "The number of users.",
            "fairBilling": "1"
          },
          "invoiceVisibility": "",
          "createdAt": "",
          "updatedAt": "",
          "taxGroup": {"id": "00000000-0000-0000-0000-000000000000", "internalDescription": "19%"},
          "isArchived": "",
          "customFields": {"field1": "value1", "field2": "value2"}
        }
        """#

    static let answer = #"""
        {
          "id": "ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b",
          "productFamilies": [{"id": "ad8b3b9e-5b0a-4e1a-8b0a-4e1a8b0a4e1a", "name": "Team Packages"}],
          "name": "Basic",
          "description": "For small teams.",
          "internalName": "Basic (Weekly)",
          "number": "M-1234",
          "translations": {},
          "type": "product",
          "measurement": {
            "id": "ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b",
            "unit": {"id": {}, "name": "Stück", "translations": {}},
            "code": "users",
            "description": "The number of users.",
            "aggregationType": "<any>",
            "fairBilling": true,
            "type": "<any>"
          },
          "invoiceVisibility": "always",
          "costCentre": {
            "id": "ad8f1c9c-4f0a-4e1a-8b1a-9c4d9c4d9c4d",
            "name": "Cost Centre",
            "code": "CC",
            "type": "KOST1",
            "createdAt": "2021-01-01T00:00:00+00:00",
            "updatedAt": "2021-01-01T00:00:00+00:00"
          },
          "createdAt": "2023-11-07T05:31:56Z",
          "updatedAt": "2023-11-07T05:31:56Z",
          "taxGroup": {
            "id": "00000000-0000-0000-0000-000000000000",
            "internalDescription": "19%",
            "reverseChargeType": "REVERSE_CHARGE",
            "type": "standard"
          },
          "isArchived": true,
          "customFields": {"field1": "value1", "field2": "value2"}
        }
        """#
}
