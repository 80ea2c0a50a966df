import GatewayJSON

extension OpenAPIDocument {
    /// Requests and answers, as the stand-ins' products give them. Problems have examples of their own, in
    /// `ProblemCode.example`.
    static let examples: KeyValuePairs = [
        "rename": #"{ "summary": "Set a member", "value": { "name": "Premium Product" } }"#,
        "translate": """
        {
          "summary": "Set a translation",
          "value": { "translations": { "de-DE": { "name": "Kaffeemaschine", "description": "Mahlt und brüht." } } }
        }
        """,
        "clear": #"{ "summary": "Clear a member", "value": { "description": null } }"#,
        "several_ids": """
        {
          "summary": "Several targets, each with an id of its own",
          "value": { "name": "Premium", "ids": { "elastic-path": "60afe403-a191-455e-b771-c510c928a308" } }
        }
        """,
        "create": """
        {
          "summary": "A new product",
          "value": { "name": "Espresso machine", "kind": "physical", "sku": "ESP-1", "status": "live" }
        }
        """,
        "updated": """
        {
          "summary": "Updated",
          "value": {
            "target": "cor",
            "id": "EXT-PROD-12345",
            "product": { "name": "Premium Product", "description": "Premium product description" },
            "warnings": [],
            "requestId": "f2ebdd0cc481fbbd1292d8feeee671bc",
            "vendor": { "status": 200 }
          }
        }
        """,
        "created": """
        {
          "summary": "Created",
          "value": {
            "target": "elastic-path",
            "id": "910a2dec-8902-4cc1-beeb-8da1658eec67",
            "product": {
              "name": "Espresso machine", "kind": "physical", "sku": "ESP-1", "status": "live",
              "slug": "espresso-machine"
            },
            "warnings": [],
            "requestId": "597a0eed0bd7ed06765234e588baae9b",
            "vendor": { "status": 201 }
          }
        }
        """,
        "dropped": """
        {
          "summary": "Updated, without what the target does not have",
          "value": {
            "target": "cor",
            "id": "EXT-PROD-12345",
            "product": { "name": "Premium Product", "description": "Premium product description" },
            "warnings": [{ "pointer": "/sku", "code": "unsupported_field", "detail": "COR has no such field." }],
            "requestId": "ef3d10ab85b7873efedc47bc75bf35e3",
            "vendor": { "status": 200 }
          }
        }
        """,
        "dry_run": """
        {
          "summary": "Not sent",
          "value": {
            "target": "elastic-path",
            "method": "PUT",
            "url": "https://euwest.api.elasticpath.com/pcm/products/60afe403-a191-455e-b771-c510c928a308",
            "headers": {
              "content-type": "application/json", "accept": "application/json", "authorization": "Bearer ***"
            },
            "body": {
              "data": {
                "type": "product", "id": "60afe403-a191-455e-b771-c510c928a308",
                "attributes": { "name": "Premium Product" }
              }
            },
            "warnings": [],
            "requestId": "e46d72a3a33342587a34c14576cb4bf2"
          }
        }
        """,
        "several": """
        {
          "summary": "One target took it, one did not",
          "value": {
            "results": [
              {
                "target": "cor",
                "status": 200,
                "id": "EXT-PROD-12345",
                "product": { "name": "Premium", "description": "Premium product description" },
                "warnings": [],
                "requestId": "98a46a06ee6a46e9038d6150fe5068e5",
                "vendor": { "status": 200 }
              },
              {
                "type": "/problems/product_not_found",
                "title": "Product not found",
                "status": 404,
                "detail": "Elastic Path knows no product nobody.",
                "code": "product_not_found",
                "origin": "vendor",
                "target": "elastic-path",
                "outcome": "rejected",
                "retryable": false,
                "requestId": "98a46a06ee6a46e9038d6150fe5068e5",
                "vendor": { "status": 404, "title": "Not Found" }
              }
            ],
            "requestId": "98a46a06ee6a46e9038d6150fe5068e5"
          }
        }
        """,
        "targets": """
        {
          "summary": "One target",
          "value": {
            "targets": [
              {
                "name": "cor", "dialect": "cor", "title": "COR", "operations": ["update", "create"],
                "href": "/v1/targets/cor"
              }
            ],
            "defaultTarget": "cor"
          }
        }
        """,
    ]
}
