/// The connections that each worker keeps to a vendor.
package struct TargetConnections: Sendable, Hashable {
    /// What the gateway may speak to the vendor, preferred first; never empty.
    package var versions: [HTTPVersion]
    /// Open connections per worker, over HTTP/2.
    package var max: Int
    /// The same over HTTP/1.1.
    package var maxHTTP1: Int
    /// Streams in use per HTTP/2 connection; the vendor's own limit holds as well.
    package var maxStreams: Int
    /// How long a connection without a stream stays open.
    package var idleTimeout: Duration
    /// How often a used HTTP/2 connection without traffic is asked whether it still lives.
    package var pingInterval: Duration
    /// How long the addresses of the vendor's name are used before it is looked up again.
    package var addressLifetime: Duration
}

/// An HTTP version, by its name in ALPN.
package enum HTTPVersion: String, Sendable, CaseIterable {
    case http2 = "h2"
    case http1 = "http/1.1"
}

extension TargetConnections: DefaultedObject {
    init(reading reader: KeyReader) {
        self.versions = reader.value(
            "versions", .choices(HTTPVersion.self), default: [.http2, .http1],
            """
            The HTTP versions to speak to the vendor, preferred first. Over `https` they are offered \
            (ALPN) and the vendor chooses; one that knows no ALPN is spoken to in HTTP/1.1. Over \
            `http` there is no choice: the first is spoken, HTTP/2 with prior knowledge (h2c) unless \
            it is `http/1.1`.
            """,
            examples: [["h2"], ["http/1.1"]])
        self.max = reader.value(
            "max", .integer(in: 1...256, of: "a number of connections"), default: 4,
            """
            The most open HTTP/2 connections per worker. One carries many exchanges; another is opened \
            only when all have as many as the vendor allows.
            """,
            examples: [4, 32])
        self.maxHTTP1 = reader.value(
            "maxHTTP1", .integer(in: 1...1000, of: "a number of connections"), default: 32,
            """
            The most open HTTP/1.1 connections per worker, for a vendor that has nothing else. Each \
            carries one exchange at a time: with answers in 250 ms, 32 carry 128 exchanges a second.
            """,
            examples: [32, 128])
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
            time, often 60 to 350 s, so that no update meets a connection that is being closed; over \
            HTTP/1.1 a shorter time that the vendor states (`Keep-Alive: timeout`) is kept as well.
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
            """
            How long the addresses found for the vendor's name are used before it is looked up again. \
            Connections to an address that the name has lost are replaced, without losing a request.
            """,
            examples: ["30s", "5m"])
    }
}
