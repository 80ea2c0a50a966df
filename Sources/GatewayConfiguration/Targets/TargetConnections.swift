/// The connections that each worker keeps to a vendor.
package struct TargetConnections: Sendable, Equatable {
    /// Open connections per worker.
    package var max: Int
    /// Streams in use per HTTP/2 connection; the vendor's own limit holds as well.
    package var maxStreams: Int
    /// How long a connection without a stream stays open.
    package var idleTimeout: Duration
    /// How often a used HTTP/2 connection without traffic is asked whether it still lives.
    package var pingInterval: Duration
    /// How long the addresses of the vendor's name are used before it is looked up again.
    package var addressLifetime: Duration
    package var versions: UpstreamVersions
}

/// Which HTTP versions the gateway speaks to a vendor.
package enum UpstreamVersions: String, Sendable, CaseIterable {
    /// `https`: `h2`, or `http/1.1` where the vendor has nothing else (ALPN). `http`: h2c.
    case automatic = "auto"
    case http2 = "h2"
    case http1 = "http/1.1"
}

extension TargetConnections: DefaultedObject {
    init(reading reader: ObjectReader) {
        self.max = reader.value(
            "max", .integer(in: 1...256, of: "a number of connections"), default: 4,
            """
            The most open connections per worker. Over HTTP/2 one carries many exchanges; over \
            HTTP/1.1 each carries one at a time, so raise it there.
            """,
            examples: [4, 32])
        self.maxStreams = reader.value(
            "maxStreams", .integer(in: 1...1000, of: "a number of streams"), default: 100,
            """
            The most exchanges at a time on one HTTP/2 connection. The vendor's own \
            `SETTINGS_MAX_CONCURRENT_STREAMS` holds as well.
            """,
            examples: [100])
        self.idleTimeout = reader.value(
            "idleTimeout", .duration(from: .seconds(1), to: .seconds(3600)), default: .seconds(60),
            """
            How long a connection without an exchange stays open. Shorter than a vendor's own idle \
            time, often 60 to 350 s, so that no update meets a connection that is being closed.
            """,
            examples: ["1m"])
        self.pingInterval = reader.value(
            "pingInterval", .duration(from: .seconds(1), to: .seconds(3600)), default: .seconds(30),
            """
            How often an HTTP/2 connection on which an exchange waits is asked (PING) whether it \
            still lives. Finds a peer that has vanished before the attempt's timeout does.
            """,
            examples: ["30s"])
        self.addressLifetime = reader.value(
            "addressLifetime", .duration(from: .seconds(1), to: .seconds(3600)), default: .seconds(30),
            "How long the addresses found for the vendor's name are used before it is looked up again.",
            examples: ["30s"])
        self.versions = reader.value(
            "versions", .choice(UpstreamVersions.self), default: .automatic,
            """
            `auto`: over `https` HTTP/2, or HTTP/1.1 where the vendor has nothing else; over `http` \
            HTTP/2 with prior knowledge. `h2` and `http/1.1` allow only that one.
            """,
            examples: ["auto", "http/1.1"])
    }
}
