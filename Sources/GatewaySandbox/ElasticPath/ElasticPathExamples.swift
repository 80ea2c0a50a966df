/// The products of the vendor's examples as they were before the updates the page shows, so that those updates give the
/// answers it shows.
enum ElasticPathExamples {
    /// The base product of "Update a base product".
    static let range = #"""
        {
          "data": {
            "type": "product",
            "id": "60afe403-a191-455e-b771-c510c928a308",
            "attributes": {
              "commodity_type": "physical",
              "description": "The 30 inch version of this popular electric range.",
              "mpn": "BE-R-1111-aaaa-1a1a-30",
              "name": "BestEver Range 30 inch, Model 1a1a-30",
              "sku": "BE-Range-1a1a-30",
              "slug": "bestever-range-1a1a-30",
              "status": "draft",
              "upc_ean": "111130303030",
              "locales": {
                "fr-FR": {
                  "name": "gamme BestEver 30 pouces, modèle 1a1a-30",
                  "description": "La version 30 pouces de cette cuisinière électrique populaire"
                }
              },
              "tags": ["tag1"]
            },
            "relationships": {
              "files": {
                "data": [],
                "links": {"self": "/products/60afe403-a191-455e-b771-c510c928a308/relationships/files"}
              },
              "templates": {
                "data": [],
                "links": {"self": "/products/60afe403-a191-455e-b771-c510c928a308/relationships/templates"}
              }
            },
            "meta": {
              "created_at": "2023-09-28T10:43:41.72Z",
              "owner": "organization",
              "product_types": ["standard"],
              "updated_at": "2023-09-28T10:43:41.72Z"
            }
          }
        }
        """#

    /// The bundle of "Update a bundle", without its last component.
    static let bundle = #"""
        {
          "data": {
            "type": "product",
            "id": "8a0072c0-cedf-4e53-bdc4-a14a5d6389d5",
            "attributes": {
              "commodity_type": "digital",
              "components": {
                "List 1": {
                  "name": "PS5",
                  "options": [
                    {
                      "id": "c7cf43f3-24c6-4523-8a24-3663b49b81aa",
                      "type": "product",
                      "quantity": 1,
                      "default": true
                    }
                  ],
                  "sort_order": 1
                },
                "List 2": {
                  "name": "Controller",
                  "options": [
                    {
                      "id": "e59ca559-37c7-4dc9-8a91-df94cd5700d3",
                      "type": "product",
                      "quantity": 1,
                      "default": true
                    }
                  ],
                  "sort_order": 2
                },
                "List 3": {
                  "name": "PS+",
                  "options": [
                    {
                      "id": "8ae2a7ea-f767-4af0-8486-ae203947ecc4",
                      "type": "product",
                      "quantity": 1,
                      "default": true
                    }
                  ],
                  "sort_order": 3
                },
                "List 4": {
                  "options": [
                    {
                      "id": "549a291f-669c-47d0-bc04-60a3f18fc55c",
                      "type": "product",
                      "quantity": 1,
                      "default": true
                    },
                    {
                      "id": "071e461c-22a2-42e0-9604-c345bbc9b85c",
                      "type": "product",
                      "quantity": 1,
                      "default": false
                    },
                    {
                      "id": "633b8172-8aa9-4dbd-aa07-0dcefca3de74",
                      "type": "product",
                      "quantity": 1,
                      "default": false
                    },
                    {
                      "id": "549a291f-669c-47d0-bc04-60a3f18fc55c",
                      "type": "product",
                      "quantity": 1,
                      "default": false
                    }
                  ],
                  "min": 1,
                  "max": 1,
                  "sort_order": 4
                }
              },
              "description": "Favourite DOOM games in one bundle - Select one from four choices",
              "mpn": "1234-5678-ABCD00",
              "name": "Favourite games",
              "sku": "fav23455",
              "slug": "PGH69345-B",
              "status": "live",
              "upc_ean": "123456"
            },
            "relationships": {
              "children": {"data": [], "links": {"self": "/products/8a0072c0-cedf-4e53-bdc4-a14a5d6389d5/children"}},
              "component_products": {
                "data": [],
                "links": {"self": "/products/8a0072c0-cedf-4e53-bdc4-a14a5d6389d5/relationships/component_products"}
              },
              "files": {
                "data": [],
                "links": {"self": "/products/8a0072c0-cedf-4e53-bdc4-a14a5d6389d5/relationships/files"}
              },
              "main_image": {"data": null},
              "templates": {
                "data": [],
                "links": {"self": "/products/8a0072c0-cedf-4e53-bdc4-a14a5d6389d5/relationships/templates"}
              },
              "variations": {
                "data": [],
                "links": {"self": "/products/8a0072c0-cedf-4e53-bdc4-a14a5d6389d5/relationships/variations"}
              }
            },
            "meta": {
              "created_at": "2022-02-03T19:38:00.602Z",
              "owner": "store",
              "updated_at": "2022-02-03T19:38:00.602Z",
              "variation_matrix": {}
            }
          }
        }
        """#

    /// The bundle of "Update Bundle with Quantity Configuration", before it had syrup.
    static let coffeeBundle = #"""
        {
          "data": {
            "type": "product",
            "id": "143e9ded-b549-4631-831c-d27f5fb2fe2e",
            "attributes": {
              "name": "Coffee",
              "description": "A customizable coffee bundle with optional syrups and coffee options",
              "sku": "COFFEE-BUNDLE-001",
              "commodity_type": "physical",
              "status": "live",
              "components": {
                "coffee": {
                  "name": "Coffee Selection",
                  "min": 1,
                  "max": 1,
                  "options": [
                    {"id": "cappuccino-id", "type": "product", "quantity": 1, "default": true},
                    {"id": "espresso-id", "type": "product", "quantity": 1},
                    {"id": "latte-id", "type": "product", "quantity": 1}
                  ]
                }
              }
            },
            "relationships": {
              "children": {"data": [], "links": {"self": "/products/143e9ded-b549-4631-831c-d27f5fb2fe2e/children"}},
              "component_products": {
                "data": [],
                "links": {"self": "/products/143e9ded-b549-4631-831c-d27f5fb2fe2e/relationships/component_products"}
              },
              "files": {
                "data": [],
                "links": {"self": "/products/143e9ded-b549-4631-831c-d27f5fb2fe2e/relationships/files"}
              },
              "main_image": {"data": null},
              "templates": {"data": [], "links": {"self": "/products/143e9ded-b549-4631-831c-d27f5fb2fe2e/templates"}},
              "variations": {
                "data": [],
                "links": {"self": "/products/143e9ded-b549-4631-831c-d27f5fb2fe2e/relationships/variations"}
              }
            },
            "meta": {
              "created_at": "2024-04-14T10:34:00.000Z",
              "owner": "organization",
              "product_types": ["bundle"],
              "updated_at": "2024-04-14T10:34:00.000Z",
              "variation_matrix": {}
            }
          },
          "included": {"main_images": [], "files": []}
        }
        """#
}
