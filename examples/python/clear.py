"""Update a product: clear a member. Made from /openapi.json by scripts/examples.

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
        "/v1/products/ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b",
        params={"target": "catalogue"},
        headers={"content-type": "application/merge-patch+json"},
        json={"description": None})
    print(answer.text)
    answer.raise_for_status()
