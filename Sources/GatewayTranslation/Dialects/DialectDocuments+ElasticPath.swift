extension DialectDocuments {
    static let elasticPath = #"""
        {
          "format": 1,
          "name": "elastic-path",
          "title": "Elastic Path",
          "source": "Elastic Path Commerce Cloud, PCM: update a product or bundle; create a product",
          "operations": {
            "update": {
              "method": "PUT",
              "path": "/pcm/products/{id}",
              "body": { "data": { "type": "product", "id": "{id}", "attributes": "{fields}" } },
              "success": [200]
            },
            "create": {
              "method": "POST",
              "path": "/pcm/products",
              "body": { "data": { "type": "product", "attributes": "{fields}" } },
              "success": [200, 201],
              "id": { "answer": "/data/id" }
            }
          },
          "read": {
            "path": "/pcm/products/{id}",
            "omit": ["/extensions", "/shopper_attributes", "/admin_attributes"]
          },
          "answer": {
            "fields": "/data/attributes",
            "id": "/data/id",
            "idMatchesPath": true,
            "required": ["/data/id", "/data/attributes"],
            "failures": ["/errors"]
          },
          "fields": {
            "/name": {
              "vendor": "/name",
              "required": ["create"],
              "note": "Required on create by the vendor's own clients; the specification marks nothing as required."
            },
            "/description": { "vendor": "/description" },
            "/sku": { "vendor": "/sku" },
            "/slug": { "vendor": "/slug", "minLength": 1, "characters": "A-Za-z0-9._-" },
            "/gtin": { "vendor": "/upc_ean" },
            "/mpn": { "vendor": "/mpn" },
            "/externalRef": { "vendor": "/external_ref", "maxLength": 2048 },
            "/status": {
              "vendor": "/status",
              "values": { "draft": "draft", "live": "live" },
              "note": "There is no archived state."
            },
            "/kind": {
              "vendor": "/commodity_type",
              "required": ["create"],
              "values": { "physical": "physical", "digital": "digital" },
              "note": "Required on create by the vendor's own clients; the specification marks nothing as required."
            },
            "/tags": {
              "vendor": "/tags",
              "maxItems": 20,
              "items": { "minLength": 1, "maxLength": 255, "withoutCharacters": " ," }
            },
            "/translations": {
              "vendor": "/locales",
              "map": "replace",
              "each": { "requiredMembers": ["name"] },
              "note": "Whether a sent map replaces the old one is not documented; it is read, merged and written whole."
            },
            "/components": { "vendor": "/components", "map": "replace" },
            "/buildRules": { "vendor": "/build_rules" },
            "/customInputs": {
              "vendor": "/custom_inputs",
              "map": "replace",
              "each": {
                "members": {
                  "validation_rules": {
                    "type": "array",
                    "items": {
                      "members": {
                        "options": { "members": { "max_length": { "type": "number", "maximum": 255 } } }
                      }
                    }
                  }
                }
              }
            },
            "/customFields": {
              "vendor": "/extensions",
              "map": "replace",
              "off": "The vendor's update schema does not list extensions, though its answers and its own client do.",
              "note": "Custom data is documented to be written as flow entries, through another endpoint."
            }
          },
          "errors": {
            "items": ["/errors"],
            "code": ["/code"],
            "title": ["/title"],
            "detail": ["/detail", "/message"],
            "status": ["/status"],
            "requestId": ["/request_id", "/meta/request_id"],
            "field": ["/source/pointer", "/source"],
            "missingIds": ["/meta/missing_ids"],
            "messages": [
              "The {field} field {*}",
              "{field} can not be empty",
              "{field} cannot be empty",
              "{field}: {text}"
            ],
            "fieldBases": ["/data/attributes", "/attributes", "/data"],
            "details": {
              "product_not_found": "Elastic Path knows no product {id}."
            }
          }
        }
        """#
}
