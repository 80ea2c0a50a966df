extension DialectDocuments {
    static let softwareOne = #"""
        {
          "format": 1,
          "name": "softwareone",
          "title": "SoftwareOne",
          "source": "SoftwareOne Marketplace: update product; errors handling; error object",
          "operations": {
            "update": {
              "method": "PUT",
              "path": "/v1/catalog/products/{id}",
              "body": "{fields}",
              "success": [200]
            }
          },
          "answer": {
            "fields": "",
            "id": "/id",
            "idMatchesPath": true,
            "required": ["/id"],
            "failures": ["/errors"]
          },
          "fields": {
            "/name": { "vendor": "/name" },
            "/shortDescription": { "vendor": "/shortDescription" },
            "/description": { "vendor": "/longDescription", "note": "HTML." },
            "/externalIds": {
              "vendor": "/externalIds",
              "map": "merge",
              "aliases": ["externalId"],
              "members": { "operations": {} },
              "closed": true
            },
            "/website": { "vendor": "/website" }
          },
          "errors": {
            "items": ["/errors"],
            "code": ["/code", { "fragmentOf": "/type" }],
            "title": ["/title"],
            "detail": ["/detail", "/details", "/message"],
            "status": ["/status", "/statusCode"],
            "requestId": ["/traceId"],
            "field": ["/properties", "/property", "/field"],
            "messages": ["The {field} field {*}", "{field}: {text}"],
            "details": {
              "product_not_found": "SoftwareOne knows no product {id}."
            }
          }
        }
        """#
}
