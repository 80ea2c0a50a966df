#!/bin/sh
# List the targets. Made from /openapi.json by scripts/examples.
# GATEWAY is the gateway's address, CACERT the certificate to trust.
set -eu
exec curl --silent --show-error --fail-with-body --http2 --cacert "${CACERT:-gateway.pem}" \
    -X GET "${GATEWAY:-https://localhost:8443}/v1/targets"
