# A small image of the gateway: one static binary, the libraries it needs, and nothing that can be written to.
#
#   docker build -t product-gateway .
#   docker run --rm --read-only -p 8443:8443 -v "$PWD/config:/etc/gateway:ro" product-gateway

FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libnghttp2-dev libssl-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# The dependencies on their own: they change less often than the sources, and are then taken from the cache.
COPY Package.swift Package.resolve[d] ./
RUN swift package resolve
COPY Sources Sources
# The manifest names the test targets too, and does not read without their folders.
COPY Tests Tests
RUN swift build -c release --static-swift-stdlib --product product-gateway \
    && install -D -m 755 "$(swift build -c release --static-swift-stdlib --show-bin-path)/product-gateway" \
        /image/usr/local/bin/product-gateway \
    && strip /image/usr/local/bin/product-gateway

FROM debian:bookworm-slim
# libstdc++6 is the Swift runtime's; ca-certificates are the roots that vendors are verified with.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libnghttp2-14 libssl3 libstdc++6 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin gateway
COPY --from=build /image/ /
COPY gateway.json /etc/gateway/gateway.json
USER 10001:10001
WORKDIR /etc/gateway
EXPOSE 8443 9901
# The admin listener is on the container's own loopback unless the configuration says otherwise.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["product-gateway", "healthcheck", "--config", "/etc/gateway/gateway.json"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["product-gateway"]
CMD ["run", "--config", "/etc/gateway/gateway.json"]
