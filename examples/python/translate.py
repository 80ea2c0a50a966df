"""Update a product: set a translation. Made from /openapi.json by scripts/examples.

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
        "/v1/products/60afe403-a191-455e-b771-c510c928a308",
        params={"target": "elastic-path"},
        headers={"content-type": "application/merge-patch+json"},
        json={"translations": {"de-DE": {"name": "Kaffeemaschine", "description": "Mahlt und brüht."}}})
    print(answer.text)
    answer.raise_for_status()
