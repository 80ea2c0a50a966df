#!/bin/sh
# Starts product-gateway as a peer of the benchmark harness: see ../README.md.
#
# In the environment: PORT CERT KEY WORKERS UPSTREAM_PORT RUN_DIR, as the harness gives them, and, if it is not the
# release build of this repository that is meant, PRODUCT_GATEWAY_BINARY. `start.sh version` prints one line.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
binary=${PRODUCT_GATEWAY_BINARY:-$root/.build/release/product-gateway}
if [ ! -x "$binary" ]; then
    echo "There is no $binary; make it with: scripts/release-build --product product-gateway" >&2
    exit 1
fi
[ "${1-}" = version ] && { echo "product-gateway $("$binary" --version)"; exit 0; }

# Elastic Path's dialect for a vendor that merges maps itself, so that an update is one request, as it is for the other
# peers. The built-in one reads the product before it writes a map, and updates of one product wait for each other then.
dialect=$(sed -e 's/"name": "elastic-path"/"name": "merging"/' -e 's/"map": "replace"/"map": "merge"/' \
    "$root/dialects/elastic-path/dialect.json")

# The harness wants the upstream's own body in a success and its title in a problem; no peer writes an access log.
cat >"$RUN_DIR/gateway.json" <<EOF
{
  "listener": {
    "host": "127.0.0.1", "port": $PORT,
    "tls": {"certificate": "$CERT", "privateKey": "$KEY"}
  },
  "admin": {"host": "127.0.0.1", "port": 0},
  "workers": $WORKERS,
  "logging": {"level": "warning"},
  "defaultTarget": "vendor",
  "dialects": {"merging": $dialect},
  "targets": {
    "vendor": {
      "dialect": "merging",
      "baseURL": "http://127.0.0.1:$UPSTREAM_PORT",
      "enable": ["/customFields"],
      "queue": {"max": 1024},
      "clearable": ["/mpn"],
      "answers": "vendor"
    }
  }
}
EOF
exec "$binary" run --config "$RUN_DIR/gateway.json"
