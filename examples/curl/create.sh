#!/bin/sh
# Create a product: a new product. Made from /openapi.json by scripts/examples.
# GATEWAY is the gateway's address, CACERT the certificate to trust.
set -eu
exec curl --silent --show-error --fail-with-body --http2 --cacert "${CACERT:-gateway.pem}" \
    -X POST "${GATEWAY:-https://localhost:8443}/v1/products?target=elastic-path" \
    -H 'content-type: application/merge-patch+json' \
    -d '{"name": "Espresso machine", "kind": "physical", "sku": "ESP-1", "status": "live"}'
