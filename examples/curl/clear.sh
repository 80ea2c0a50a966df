#!/bin/sh
# Update a product: clear a member. Made from /openapi.json by scripts/examples.
# GATEWAY is the gateway's address, CACERT the certificate to trust.
set -eu
exec curl --silent --show-error --fail-with-body --http2 --cacert "${CACERT:-gateway.pem}" \
    -X PATCH "${GATEWAY:-https://localhost:8443}/v1/products/ad8f1c2c-3b1c-4b0a-8b0a-0b0b0b0b0b0b?target=catalogue" \
    -H 'content-type: application/merge-patch+json' \
    -d '{"description": null}'
