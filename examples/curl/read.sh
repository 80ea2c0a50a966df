#!/bin/sh
# Read a product. Made from /openapi.json by scripts/examples.
# GATEWAY is the gateway's address, CACERT the certificate to trust.
set -eu
exec curl --silent --show-error --fail-with-body --http2 --cacert "${CACERT:-gateway.pem}" \
    -X GET "${GATEWAY:-https://localhost:8443}/v1/products/60afe403-a191-455e-b771-c510c928a308?target=elastic-path"
