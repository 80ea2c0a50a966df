extension ElasticPathExamples {
    /// The product of "configure build rules" and "Update using custom_inputs", with neither of them yet.
    static let shirt = #"""
        {
          "data": {
            "type": "product",
            "id": "9214719b-17fe-4ea7-896c-d61e60fc0d05",
            "attributes": {
              "commodity_type": "physical",
              "description": "T-shirt.",
              "locales": {"fr-FR": {"name": "Shirt", "description": "T-Shirt."}},
              "mpn": "1234-5678-SSSS",
              "name": "Shirt",
              "sku": "978055216732567",
              "slug": "978055216732567",
              "status": "live"
            },
            "relationships": {
              "children": {"data": [], "links": {"self": "/products/9214719b-17fe-4ea7-896c-d61e60fc0d05/children"}},
              "component_products": {
                "data": [],
                "links": {"self": "/products/9214719b-17fe-4ea7-896c-d61e60fc0d05/relationships/component_products"}
              },
              "files": {
                "data": [],
                "links": {"self": "/products/9214719b-17fe-4ea7-896c-d61e60fc0d05/relationships/files"}
              },
              "main_image": {"data": null},
              "templates": {
                "data": [],
                "links": {"self": "/products/9214719b-17fe-4ea7-896c-d61e60fc0d05/relationships/templates"}
              },
              "variations": {
                "data": [],
                "links": {"self": "/products/9214719b-17fe-4ea7-896c-d61e60fc0d05/relationships/variations"}
              }
            },
            "meta": {
              "created_at": "2022-08-18T12:14:52.782Z",
              "owner": "store",
              "product_types": ["standard"],
              "updated_at": "2022-08-18T12:14:52.782Z",
              "variation_matrix": {},
              "variations": [
                {
                  "id": "6c4b5caa-3819-4366-a14e-c5b85009544b",
                  "name": "Shirt Size",
                  "options": [
                    {"id": "cbde9096-e0e1-43d8-a1aa-cb66cf1d299f", "name": "Small", "description": "Size Small"},
                    {
                      "id": "da9d88d0-8ea6-434c-a0dd-059caf595687",
                      "name": "Medium",
                      "description": "Size Medium"
                    },
                    {"id": "07493fea-74b0-40a2-972a-cd7e1d6561bd", "name": "Large", "description": "Size Large"}
                  ]
                },
                {
                  "id": "b1ae545e-3375-455f-b5ea-09669b60996f",
                  "name": "Shirt Material",
                  "options": [
                    {
                      "id": "994c2029-519c-43d9-9c54-14f3af4e3efd",
                      "name": "Cotton",
                      "description": "Material Cotton"
                    },
                    {
                      "id": "7951f3d9-f628-49f8-8a43-7749d28153d6",
                      "name": "Denim",
                      "description": "Material Denim"
                    },
                    {
                      "id": "58115bff-589a-4287-98d8-373112102617",
                      "name": "Wool",
                      "description": "Material Wool"
                    }
                  ]
                },
                {
                  "id": "f192e114-9f8a-4284-99d0-4d9ccd8a0275",
                  "name": "Shirt Color",
                  "options": [
                    {"id": "0b261f7d-753d-4af6-b9f4-62b436cca37d", "name": "Red", "description": "Color Red"},
                    {
                      "id": "55d6d785-cc52-453a-bff6-2cf9add8a580",
                      "name": "Green",
                      "description": "Color Green"
                    },
                    {"id": "a43d8b6f-b411-49aa-adaa-36a1a025051e", "name": "Blue", "description": "Color Blue"}
                  ]
                }
              ]
            }
          }
        }
        """#
}
