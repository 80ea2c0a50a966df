extension DialectDocuments {
    static let cor = #"""
        {
          "format": 1,
          "name": "cor",
          "title": "COR",
          "source": "COR integrations API v2: products/update, products/create, projects/create",
          "parameters": {
            "source": {
              "description": "The integration that updates come from; COR finds a product by it and the external id.",
              "oneOf": [
                "JIRA", "SALESFORCE", "ADVERTMIND", "QUICKBOOKS", "ZAPIER", "OKTA", "MICROSOFT_DYNAMICS", "GITHUB",
                "MICROSOFT_TEAMS", "VBS", "SAP", "GLOBANT"
              ]
            }
          },
          "operations": {
            "update": {
              "method": "PUT",
              "path": "/v2/integrations/products/{id}",
              "body": "{fields}",
              "success": [200]
            },
            "create": {
              "method": "POST",
              "path": "/v2/integrations/products",
              "body": "{fields}",
              "success": [200, 201],
              "id": { "field": "/externalRef" }
            }
          },
          "answer": {
            "fields": "",
            "required": ["/id"],
            "failures": ["/errors", "/error", "/code"]
          },
          "fields": {
            "/source": {
              "vendor": "/metadata/source",
              "answer": false,
              "required": ["update", "create"],
              "default": { "parameter": "source" },
              "oneOf": [
                "JIRA", "SALESFORCE", "ADVERTMIND", "QUICKBOOKS", "ZAPIER", "OKTA", "MICROSOFT_DYNAMICS", "GITHUB",
                "MICROSOFT_TEAMS", "VBS", "SAP", "GLOBANT"
              ]
            },
            "/externalRef": {
              "vendor": "/id",
              "operations": ["create"],
              "required": ["create"],
              "answer": false,
              "minLength": 1,
              "note": "Updates name the product by this id in the path; COR's answers carry a number of its own."
            },
            "/name": { "vendor": "/name", "required": ["create"] },
            "/description": { "vendor": "/description" },
            "/clientId": {
              "vendor": "/client_id",
              "operations": ["create"],
              "required": ["create"],
              "answer": false,
              "note": "COR's answers carry a number of its own instead of the external id."
            },
            "/brandId": {
              "vendor": "/brand_id",
              "operations": ["create"],
              "required": ["create"],
              "answer": false,
              "note": "COR's answers carry a number of its own instead of the external id."
            }
          },
          "errors": {
            "items": ["", "/errors"],
            "code": ["/code", "/name"],
            "title": ["/name", "/title"],
            "detail": ["/message", "/detail"],
            "status": ["/status", "/error", "/statusCode"],
            "field": ["/field"],
            "messages": [
              "Missing required {field} field{*}",
              "The {field} value is not {*}",
              "{*} validation failed on {field}",
              "{field} is required",
              "{field}: {text}"
            ],
            "fieldBases": ["/metadata"],
            "codes": {
              "ZC001": "product_not_found",
              "ProductNotFoundError": "product_not_found",
              "ValidationError": "validation_failed",
              "InvalidSourceError": "validation_failed",
              "ClientNotFoundError": { "code": "reference_not_found", "field": "/clientId" },
              "BrandNotFoundError": { "code": "reference_not_found", "field": "/brandId" },
              "DuplicateExternalIdError": { "code": "duplicate_product", "field": "/externalRef" },
              "DeletionError": "conflict"
            },
            "statuses": {
              "417": { "code": "validation_failed" }
            },
            "reasons": {
              "required validation failed": "required",
              "unique validation failed": "not_unique",
              "string validation failed": "wrong_type",
              "max validation failed": "too_long",
              "min validation failed": "too_short"
            },
            "details": {
              "product_not_found": [
                "COR knows no product {id} for source {/metadata/source}.",
                "COR knows no product {id}."
              ],
              "duplicate_product": "COR already has a product {/id} for source {/metadata/source}."
            }
          }
        }
        """#
}
