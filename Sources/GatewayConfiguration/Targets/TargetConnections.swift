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
}

extension TargetConnections: DefaultedObject {
    init(reading reader: ObjectReader) {
        self.max = reader.value(
            "max", .integer(in: 1...256, of: "a number of connections"), default: 4,
            """
            The most open connections per worker. One carries many exchanges; another is opened only \
            when all have as many as the vendor allows.
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
    }
}
