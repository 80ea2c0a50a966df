extension DialectDocuments {
    static let catalogue = #"""
        {
          "format": 1,
          "name": "catalogue",
          "title": "Fynn",
          "source": "Fynn API reference: update a product. No error is documented; the error rules are unverified.",
          "operations": {
            "update": {
              "method": "PUT",
              "path": "/catalogue/products/{id}",
              "body": "{fields}",
              "success": [200]
            },
            "create": {
              "method": "POST",
              "path": "/catalogue/products",
              "body": "{fields}",
              "success": [200, 201],
              "id": { "answer": "/id" }
            }
          },
          "updateSemantics": "partial",
          "read": {
            "path": "/catalogue/products/{id}",
            "omit": [
              "/id", "/createdAt", "/updatedAt", "/costCentre", "/measurement/unit", "/measurement/aggregationType",
              "/measurement/type", "/taxGroup/reverseChargeType", "/taxGroup/type"
            ]
          },
          "answer": {
            "fields": "",
            "id": "/id",
            "idMatchesPath": true,
            "required": ["/id"],
            "failures": ["/errors", "/violations"]
          },
          "fields": {
            "/name": { "vendor": "/name" },
            "/description": { "vendor": "/description" },
            "/internalName": { "vendor": "/internalName" },
            "/sku": { "vendor": "/number" },
            "/status": {
              "vendor": "/isArchived",
              "values": { "archived": true, "live": false },
              "note": "There is no draft state."
            },
            "/translations": {
              "vendor": "/translations",
              "map": "replace",
              "emptyListIsMap": true,
              "omitEmpty": true,
              "note": "Whether a sent map replaces the old one is not documented; it is read, merged and written whole."
            },
            "/families": { "vendor": "/productFamilies" },
            "/billing/measurement": { "vendor": "/measurement" },
            "/billing/taxGroup": { "vendor": "/taxGroup" },
            "/billing/invoiceVisibility": { "vendor": "/invoiceVisibility" },
            "/billing/costCentre": {
              "vendor": "/costCentre",
              "off": "The vendor's update example does not list costCentre; only its answers do."
            },
            "/customFields": {
              "vendor": "/customFields",
              "map": "replace",
              "emptyListIsMap": true,
              "omitEmpty": true,
              "each": { "type": "string" },
              "note": "Whether a sent map replaces the old one is not documented; it is read, merged and written whole."
            }
          },
          "errors": {
            "items": ["/errors", "/violations"],
            "code": ["/code"],
            "title": ["/title"],
            "detail": ["/detail", "/message"],
            "status": ["/status", "/statusCode"],
            "field": ["/propertyPath", "/field", "/property"],
            "messages": ["The {field} field {*}", "{field}: {text}"],
            "details": {
              "product_not_found": "Fynn knows no product {id}."
            }
          }
        }
        """#
}
