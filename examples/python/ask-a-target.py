"""What one target takes, clears and requires. Made from /openapi.json by scripts/examples.

Needs httpx[http2]. GATEWAY is the gateway's address, CACERT the certificate to trust.
"""

import os
import ssl

import httpx

trust = ssl.create_default_context(cafile=os.environ.get("CACERT", "gateway.pem"))
address = os.environ.get("GATEWAY", "https://localhost:8443")
with httpx.Client(base_url=address, http2=True, verify=trust) as gateway:
    answer = gateway.request(
        "GET",
        "/v1/targets/cor")
    print(answer.text)
    answer.raise_for_status()
