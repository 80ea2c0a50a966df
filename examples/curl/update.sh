#!/bin/sh
# Update a product: set a member. Made from /openapi.json by scripts/examples.
# GATEWAY is the gateway's address, CACERT the certificate to trust.
set -eu
exec curl --silent --show-error --fail-with-body --http2 --cacert "${CACERT:-gateway.pem}" \
    -X PATCH "${GATEWAY:-https://localhost:8443}/v1/products/EXT-PROD-12345?target=cor" \
    -H 'content-type: application/merge-patch+json' \
    -d '{"name": "Premium Product"}'
