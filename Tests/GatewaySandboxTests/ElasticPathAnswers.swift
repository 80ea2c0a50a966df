/// The `data` of the answers on Elastic Path's page "Update a product or bundle", without `meta`, whose times differ.
enum ElasticPathAnswers {
    /// By the title of the example.
    static let all = [
        "Update a base product": updateABaseProduct,
        "Update a base product, configure build rules": configureBuildRules,
        "Update using custom_inputs": updateUsingCustomInputs,
        "Update a bundle": updateABundle,
        "Update Bundle with Quantity Configuration": updateBundleWithQuantityConfiguration,
    ]

    static let updateABaseProduct = #"""
        {
          "type": "product",
          "id": "60afe403-a191-455e-b771-c510c928a308",
          "attributes": {
            "commodity_type": "physical",
            "description": "The 30 inch version of this popular electric range.",
            "mpn": "BE-R-1111-aaaa-1a1a-30",
            "name": "UPDATED BestEver Range 30 inch, Model 1a1a-30",
            "sku": "BE-Range-1a1a-30",
            "slug": "bestever-range-1a1a-30",
            "status": "draft",
            "upc_ean": "111130303030",
            "locales": {
              "fr-FR": {
                "name": "MISE À JOUR de la gamme BestEver 30 pouces, modèle 1a1a-30",
                "description": "La version 30 pouces de cette cuisinière électrique populaire"
              }
            },
            "tags": ["tag1", "tag2"]
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
          }
        }
        """#

    static let configureBuildRules = #"""
        {
          "type": "product",
          "id": "9214719b-17fe-4ea7-896c-d61e60fc0d05",
          "attributes": {
            "build_rules": {
              "default": "include",
              "exclude": [
                [
                  "cbde9096-e0e1-43d8-a1aa-cb66cf1d299f",
                  "0b261f7d-753d-4af6-b9f4-62b436cca37d",
                  "994c2029-519c-43d9-9c54-14f3af4e3efd"
                ]
              ]
            },
            "commodity_type": "physical",
            "description": "T-shirt.",
            "locales": {"fr-FR": {"name": "Shirt", "description": "T-Shirt."}},
            "mpn": "1234-5678-SSSS",
            "name": "Shirt",
            "sku": "978055216732567",
            "slug": "978055216732567",
            "status": "live",
            "upc_ean": "135623456"
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
          }
        }
        """#

    static let updateUsingCustomInputs = #"""
        {
          "type": "product",
          "id": "9214719b-17fe-4ea7-896c-d61e60fc0d05",
          "attributes": {
            "commodity_type": "physical",
            "custom_inputs": {
              "back": {
                "name": "T-Shirt Back",
                "validation_rules": [{"type": "string", "options": {"max_length": 50}}],
                "required": false
              },
              "front": {
                "name": "T-Shirt Front",
                "validation_rules": [{"type": "string", "options": {"max_length": 50}}],
                "required": false
              }
            },
            "description": "T-shirt.",
            "locales": {"fr-FR": {"name": "T-Shirt", "description": "T-Shirt."}},
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
          }
        }
        """#

    static let updateABundle = #"""
        {
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
              },
              "headsets": {
                "name": "Headsets",
                "options": [
                  {
                    "id": "8ae2a7ea-f767-4af0-8486-ae203947ecc4",
                    "type": "product",
                    "quantity": 5,
                    "default": true
                  }
                ]
              }
            },
            "description": "Favourite DOOM games in one bundle - Select one from four choices",
            "mpn": "1234-5678-ABCD00",
            "name": "Favourite games bundle",
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
          }
        }
        """#

    static let updateBundleWithQuantityConfiguration = #"""
        {
          "type": "product",
          "id": "143e9ded-b549-4631-831c-d27f5fb2fe2e",
          "attributes": {
            "name": "Coffee Bundle",
            "description": "A customizable coffee bundle with optional syrups and coffee options",
            "sku": "COFFEE-BUNDLE-001",
            "commodity_type": "physical",
            "status": "live",
            "components": {
              "syrup": {
                "name": "Syrup Selection",
                "min": 0,
                "max": 2,
                "options": [
                  {
                    "id": "vanilla-id",
                    "type": "product",
                    "quantity": 1,
                    "min": 1,
                    "max": 3,
                    "default": true
                  },
                  {"id": "salted-caramel-id", "type": "product", "quantity": 1, "min": 1, "max": 3},
                  {"id": "hazelnut-id", "type": "product", "quantity": 1, "min": 1, "max": 3},
                  {"id": "caramel-id", "type": "product", "quantity": 1, "min": 1, "max": 3},
                  {"id": "toffee-nut-id", "type": "product", "quantity": 1, "min": 1, "max": 3},
                  {"id": "pumpkin-spice-id", "type": "product", "quantity": 1, "min": 1, "max": 3}
                ]
              },
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
          }
        }
        """#
}
