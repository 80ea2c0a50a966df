/// Where the spans of kept traces are sent, and which traces are kept.
package struct TracingConfiguration: Sendable, Equatable {
    /// How spans are written (OTLP/HTTP).
    package enum Encoding: String, Sendable, CaseIterable {
        case protobuf = "http/protobuf"
        case json = "http/json"
    }

    package enum Compression: String, Sendable, CaseIterable { case gzip, none }

    /// Without a path: `/v1/traces` is added. Nil where the environment does not say either: nothing is sent.
    package var endpoint: HTTPURL?
    package var encoding: Encoding
    package var compression: Compression
    /// Header fields of every request, for collectors that want to know who sends.
    package var headers: [String: Secret]
    /// Path of a PEM file with the trusted roots. Absent: the system's.
    package var caFile: String?
    /// The share of traces that are kept by chance.
    package var sample: Double
    package var keepFailures: Bool
    /// Nil: no trace is kept for being slow.
    package var slowerThan: Duration?
}

extension TracingConfiguration: DefaultedObject {
    init(reading reader: KeyReader) {
        self.endpoint = reader.optional(
            "endpoint", .baseURL,
            absent:
                "`OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` or `OTEL_EXPORTER_OTLP_ENDPOINT`; without them nothing is sent",
            """
            The collector that spans are sent to, over OTLP/HTTP. `/v1/traces` is added where the URL has no path.
            """,
            examples: ["http://127.0.0.1:4318", "https://collector.example/v1/traces"], takesEffect: .restart)
        self.encoding = reader.value(
            "protocol", .choice(Encoding.self), default: .protobuf,
            "How spans are written. `OTEL_EXPORTER_OTLP_PROTOCOL` counts where `endpoint` comes from the environment.",
            examples: ["http/protobuf", "http/json"], takesEffect: .restart)
        self.compression = reader.value(
            "compression", .choice(Compression.self), default: .gzip, "How requests to the collector are compressed.",
            examples: ["gzip", "none"], takesEffect: .restart)
        self.headers = reader.map(
            "headers", of: .secret(.text),
            """
            Header fields for the collector, by their names: tokens of hosted ones. Where `endpoint` comes from the \
            environment, `OTEL_EXPORTER_OTLP_HEADERS` counts as well.
            """,
            examples: [["x-honeycomb-team": ["env": "HONEYCOMB_KEY"]]])
        self.caFile = reader.optional(
            "caFile", .file(.certificate), absent: "the system's roots",
            "PEM file with the root certificates to trust for the collector, instead of the system's.",
            examples: ["/etc/gateway/collector-ca.pem"], takesEffect: .restart)
        self.sample = reader.value(
            "sample", .share, default: 0.01,
            """
            The share of traces that are kept by chance. Which traces are kept is decided at their end, so that the \
            other reasons cost nothing: the caller's trace is sampled, it failed, it was slow.
            """,
            examples: [.integer(0), .integer(1)], takesEffect: .restart)
        self.keepFailures = reader.value(
            "keepFailures", .boolean, default: true,
            "Whether every trace is kept in which the gateway or a vendor failed, or whose outcome is unknown.",
            examples: [true, false], takesEffect: .restart)
        self.slowerThan = reader.optional(
            "slowerThan", .duration(from: .milliseconds(1), to: .seconds(3600)), absent: "no trace is kept for it",
            "Every trace is kept whose exchange took longer than this.",
            examples: ["1s"], takesEffect: .restart)
    }
}
