#!/bin/sh
# Update a product: several targets, each with an id of its own. Made from /openapi.json by scripts/examples.
# GATEWAY is the gateway's address, CACERT the certificate to trust.
set -eu
exec curl --silent --show-error --fail-with-body --http2 --cacert "${CACERT:-gateway.pem}" \
    -X PATCH "${GATEWAY:-https://localhost:8443}/v1/products/EXT-PROD-12345?target=cor,elastic-path" \
    -H 'content-type: application/merge-patch+json' \
    -d '{"name": "Premium", "ids": {"elastic-path": "60afe403-a191-455e-b771-c510c928a308"}}'
