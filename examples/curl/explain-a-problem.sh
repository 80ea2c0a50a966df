#!/bin/sh
# What a problem's code means and what to do about it. Made from /openapi.json by scripts/examples.
# GATEWAY is the gateway's address, CACERT the certificate to trust.
set -eu
exec curl --silent --show-error --fail-with-body --http2 --cacert "${CACERT:-gateway.pem}" \
    -X GET "${GATEWAY:-https://localhost:8443}/problems/validation_failed"
