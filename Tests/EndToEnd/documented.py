"""The examples of the vendors' pages: what a caller writes, and what the page says the vendor is sent."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    name: str
    target: str
    id: str
    # What the caller sends, and what the vendor gets.
    canonical: dict
    path: str
    vendor: dict
    # Members that the canonical answer must have.
    product: dict = field(default_factory=dict)
    # Whether `vendor` is everything that is sent.
    is_exact: bool = True


def elastic_path(name, id, canonical, attributes):
    return Case(
        name, "elastic-path", id, canonical, f"/pcm/products/{id}",
        {"data": {"type": "product", "id": id, "attributes": attributes}}, canonical)


RANGE = {
    "description": "The 30 inch version of this popular electric range.",
    "mpn": "BE-R-1111-aaaa-1a1a-30",
    "name": "UPDATED BestEver Range 30 inch, Model 1a1a-30",
    "sku": "BE-Range-1a1a-30",
    "slug": "bestever-range-1a1a-30",
    "status": "draft",
    "tags": ["tag1", "tag2"],
}
RANGE_TRANSLATIONS = {
    "fr-FR": {
        "name": "MISE À JOUR de la gamme BestEver 30 pouces, modèle 1a1a-30",
        "description": "La version 30 pouces de cette cuisinière électrique populaire",
    }
}
SHIRT = {
    "description": "T-shirt.",
    "mpn": "1234-5678-SSSS",
    "name": "Shirt",
    "sku": "978055216732567",
    "slug": "978055216732567",
    "status": "live",
}
BUILD_RULES = {
    "default": "include",
    "exclude": [[
        "cbde9096-e0e1-43d8-a1aa-cb66cf1d299f",
        "0b261f7d-753d-4af6-b9f4-62b436cca37d",
        "994c2029-519c-43d9-9c54-14f3af4e3efd",
    ]],
}
CUSTOM_INPUTS = {
    side: {
        "name": f"T-Shirt {side.capitalize()}",
        "validation_rules": [{"type": "string", "options": {"max_length": 50}}],
        "required": False,
    }
    for side in ("back", "front")
}


def component(name, id, sort_order):
    return {
        "name": name,
        "options": [{"id": id, "type": "product", "quantity": 1, "default": True}],
        "sort_order": sort_order,
    }


GAMES = {
    "description": "Favourite DOOM games in one bundle - Select one from four choices",
    "mpn": "1234-5678-ABCD00",
    "name": "Favourite games bundle",
    "sku": "fav23455",
    "slug": "PGH69345-B",
    "status": "live",
}
GAMES_COMPONENTS = {
    "List 1": component("PS5", "c7cf43f3-24c6-4523-8a24-3663b49b81aa", 1),
    "List 2": component("Controller", "e59ca559-37c7-4dc9-8a91-df94cd5700d3", 2),
    "List 3": component("PS+", "8ae2a7ea-f767-4af0-8486-ae203947ecc4", 3),
    "List 4": {
        "options": [
            {"id": "549a291f-669c-47d0-bc04-60a3f18fc55c", "type": "product", "quantity": 1, "default": True},
            {"id": "071e461c-22a2-42e0-9604-c345bbc9b85c", "type": "product", "quantity": 1, "default": False},
            {"id": "633b8172-8aa9-4dbd-aa07-0dcefca3de74", "type": "product", "quantity": 1, "default": False},
            {"id": "549a291f-669c-47d0-bc04-60a3f18fc55c", "type": "product", "quantity": 1, "default": False},
        ],
        "min": 1,
        "max": 1,
        "sort_order": 4,
    },
    "headsets": {
        "name": "Headsets",
        "options": [
            {"id": "8ae2a7ea-f767-4af0-8486-ae203947ecc4", "type": "product", "quantity": 5, "default": True}
        ],
    },
}
COFFEE = {
    "name": "Coffee Bundle",
    "description": "A customizable coffee bundle with optional syrups and coffee options",
    "sku": "COFFEE-BUNDLE-001",
    "status": "live",
}


def option(id, **more):
    return {"id": id, "type": "product", "quantity": 1, **more}


COFFEE_COMPONENTS = {
    "syrup": {
        "name": "Syrup Selection",
        "min": 0,
        "max": 2,
        "options": [option("vanilla-id", min=1, max=3, default=True)] + [
            option(f"{flavour}-id", min=1, max=3)
            for flavour in ("salted-caramel", "hazelnut", "caramel", "toffee-nut", "pumpkin-spice")
        ],
    },
    "coffee": {
        "name": "Coffee Selection",
        "min": 1,
        "max": 1,
        "options": [option("cappuccino-id", default=True), option("espresso-id"), option("latte-id")],
    },
}
BASIC_MEASUREMENT = {
    "id": "ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b",
    "code": "users",
    "description": "The number of users.",
    "fairBilling": True,
}
BASIC_TAX_GROUP = {"id": "00000000-0000-0000-0000-000000000000", "internalDescription": "19%"}

UPDATES = [
    Case(
        "COR, update", "cor", "EXT-PROD-12345",
        {"name": "Updated Premium Product", "description": "Updated product description"},
        "/v2/integrations/products/EXT-PROD-12345",
        {
            "metadata": {"source": "MICROSOFT_DYNAMICS"},
            "name": "Updated Premium Product",
            "description": "Updated product description",
        },
        {"name": "Updated Premium Product", "description": "Updated product description"}),
    elastic_path(
        "Elastic Path, base product", "60afe403-a191-455e-b771-c510c928a308",
        {**RANGE, "gtin": "111130303030", "kind": "physical", "translations": RANGE_TRANSLATIONS},
        {**RANGE, "upc_ean": "111130303030", "commodity_type": "physical", "locales": RANGE_TRANSLATIONS}),
    elastic_path(
        "Elastic Path, build rules", "9214719b-17fe-4ea7-896c-d61e60fc0d05",
        {**SHIRT, "kind": "physical", "gtin": "135623456", "buildRules": BUILD_RULES,
         "translations": {"fr-FR": {"name": "Shirt", "description": "T-Shirt."}}},
        {**SHIRT, "commodity_type": "physical", "upc_ean": "135623456", "build_rules": BUILD_RULES,
         "locales": {"fr-FR": {"name": "Shirt", "description": "T-Shirt."}}}),
    elastic_path(
        "Elastic Path, custom inputs", "9214719b-17fe-4ea7-896c-d61e60fc0d05",
        {**SHIRT, "kind": "physical", "customInputs": CUSTOM_INPUTS,
         "translations": {"fr-FR": {"name": "T-Shirt", "description": "T-Shirt."}}},
        {**SHIRT, "commodity_type": "physical", "custom_inputs": CUSTOM_INPUTS,
         "locales": {"fr-FR": {"name": "T-Shirt", "description": "T-Shirt."}}}),
    elastic_path(
        "Elastic Path, bundle", "8a0072c0-cedf-4e53-bdc4-a14a5d6389d5",
        {**GAMES, "kind": "digital", "gtin": "123456", "components": GAMES_COMPONENTS},
        {**GAMES, "commodity_type": "digital", "upc_ean": "123456", "components": GAMES_COMPONENTS}),
    elastic_path(
        "Elastic Path, bundle with quantities", "143e9ded-b549-4631-831c-d27f5fb2fe2e",
        {**COFFEE, "kind": "physical", "components": COFFEE_COMPONENTS},
        {**COFFEE, "commodity_type": "physical", "components": COFFEE_COMPONENTS}),
    Case(
        "SoftwareOne, the documented empty map", "softwareone", "PRD-1234-1234",
        {"externalIds": {}}, "/public/v1/catalog/products/PRD-1234-1234", {"externalIds": {}}),
    Case(
        "SoftwareOne, all members", "softwareone", "PRD-1234-1234",
        {"name": "Suite", "shortDescription": "Short", "description": "<p>Long</p>",
         "externalIds": {"operations": "OPS-1"}, "website": "https://vendor.example/suite"},
        "/public/v1/catalog/products/PRD-1234-1234",
        {"name": "Suite", "shortDescription": "Short", "longDescription": "<p>Long</p>",
         "externalIds": {"operations": "OPS-1"}, "website": "https://vendor.example/suite"},
        {"name": "Suite", "shortDescription": "Short", "description": "<p>Long</p>",
         "externalIds": {"operations": "OPS-1"}, "website": "https://vendor.example/suite"}),
    Case(
        "catalogue, update", "catalogue", "ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b",
        {
            "families": [{"id": "ad8b3b9e-5b0a-4e1a-8b0a-4e1a8b0a4e1a"}],
            "name": "Basic",
            "description": "For small teams.",
            "internalName": "Basic (Weekly)",
            "sku": "M-1234",
            "status": "archived",
            "billing": {
                "measurement": BASIC_MEASUREMENT, "taxGroup": BASIC_TAX_GROUP, "invoiceVisibility": "always"},
            "customFields": {"field1": "value1", "field2": "value2"},
        },
        "/catalogue/products/ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b",
        {
            "productFamilies": [{"id": "ad8b3b9e-5b0a-4e1a-8b0a-4e1a8b0a4e1a"}],
            "name": "Basic",
            "description": "For small teams.",
            "internalName": "Basic (Weekly)",
            "number": "M-1234",
            "isArchived": True,
            "invoiceVisibility": "always",
            "customFields": {"field1": "value1", "field2": "value2"},
        },
        {
            "name": "Basic",
            "description": "For small teams.",
            "internalName": "Basic (Weekly)",
            "sku": "M-1234",
            "status": "archived",
            "customFields": {"field1": "value1", "field2": "value2"},
        },
        is_exact=False),
]

CREATES = [
    Case(
        "COR, create", "cor", "EXT-PROD-12345",
        {
            "externalRef": "EXT-PROD-12345",
            "name": "Premium Product",
            "clientId": "EXT-CLIENT-67890",
            "brandId": "EXT-BRAND-11111",
            "description": "Premium product description",
        },
        "/v2/integrations/products",
        {
            "metadata": {"source": "MICROSOFT_DYNAMICS"},
            "id": "EXT-PROD-12345",
            "name": "Premium Product",
            "client_id": "EXT-CLIENT-67890",
            "brand_id": "EXT-BRAND-11111",
            "description": "Premium product description",
        },
        {"name": "Premium Product"}),
]
