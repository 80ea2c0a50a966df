# A small image of the gateway: one binary, the libraries it needs, the roots that vendors are verified with. There is no
# shell and no package manager in it, and nothing that the gateway would have to write to.
#
#   scripts/image                      builds it with the engine that is there
#   scripts/check-image                runs it read-only, without rights and with limits, and stops it
#   docker build -t product-gateway .
#
# To pin the base more strictly than its tag does: --build-arg SWIFT_IMAGE=swift@sha256:...
ARG SWIFT_IMAGE=swift:6.3.1-bookworm

FROM ${SWIFT_IMAGE} AS build
# The run-time packages are named so that the image gets their newest versions, whatever the base was built with.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates libc6 libgcc-s1 libhiredis-dev libnghttp2-dev libsqlite3-dev libssl-dev libstdc++6 pkg-config \
        zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# The dependencies on their own: they change less often than the sources, and are then taken from the cache.
COPY Package.swift Package.resolve[d] ./
RUN swift package resolve
COPY dialects dialects
COPY Sources Sources
# The manifest names the test targets too, and does not read without their folders.
COPY Tests Tests
COPY scripts/release-build ./
RUN ./release-build --product product-gateway
COPY scripts/image-root gateway.json ./
RUN ./image-root "$(./release-build --show-bin-path)/product-gateway" /image

FROM scratch
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="product-gateway" \
      org.opencontainers.image.description="One canonical product update in, each vendor's language out, one answer back" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /image/ /
# Numbers, because Kubernetes can only tell of a number that it is not root (runAsNonRoot).
USER 10001:10001
WORKDIR /etc/gateway
# A thread keeps 64 free blocks of each small size instead of 7: docs/decisions/0018.
ENV GLIBC_TUNABLES=glibc.malloc.tcache_count=64
EXPOSE 8443 9901
# Asks /readyz where the configuration says that the admin listener is; needs no shell.
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
    CMD ["/usr/local/bin/product-gateway", "healthcheck", "--config", "/etc/gateway/gateway.json"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/product-gateway"]
CMD ["run", "--config", "/etc/gateway/gateway.json"]
