"""Update a product: set members of which the target lacks one. Made from /openapi.json by scripts/examples.

Needs httpx[http2]. GATEWAY is the gateway's address, CACERT the certificate to trust.
"""

import os
import ssl

import httpx

trust = ssl.create_default_context(cafile=os.environ.get("CACERT", "gateway.pem"))
address = os.environ.get("GATEWAY", "https://localhost:8443")
with httpx.Client(base_url=address, http2=True, verify=trust) as gateway:
    answer = gateway.request(
        "PATCH",
        "/v1/products/EXT-PROD-12345",
        params={"target": "cor"},
        headers={"content-type": "application/merge-patch+json", "prefer": "handling=lenient"},
        json={"name": "Premium Product", "sku": "ESP-1"})
    print(answer.text)
    answer.raise_for_status()
