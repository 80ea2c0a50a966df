/// One span as it is kept until it is sent: of a fixed size, and nothing but values. What is absent is 0 or empty.
///
/// The attributes are those of OpenTelemetry's semantic conventions for HTTP, as far as the gateway knows them, and
/// `product_gateway.…`. Never product data, never a secret, never an id of a product.
package struct SpanRecord: Sendable, Equatable {
    /// The numbers are OTLP's (trace.proto, `Span.SpanKind`).
    package enum Kind: Int, Sendable {
        case `internal` = 1
        case server = 2
        case client = 3
    }

    /// As many events as a span keeps: a retry brings two.
    package static let eventsMax = 4

    package var traceHigh: UInt64 = 0
    package var traceLow: UInt64 = 0
    package var spanID: UInt64 = 0
    /// 0 where the trace begins with this span.
    package var parentID: UInt64 = 0
    package var kind: Kind
    package var name: String
    /// Unix time in nanoseconds.
    package var startNanoseconds: UInt64 = 0
    package var endNanoseconds: UInt64 = 0
    /// For whom it failed is not the caller (semantic conventions: a server's 4xx is no error of the server's).
    package var isError = false

    package var method = ""
    /// Of a server: the path's template, never an id.
    package var route = ""
    package var status = 0
    package var errorType = ""
    /// Of a client: where the request went.
    package var serverAddress = ""
    package var serverPort = 0
    package var protocolVersion = ""
    /// How often the request had been sent before.
    package var resendCount = 0
    package var operation = ""
    package var target = ""
    package var code = ""
    package var outcome = ""
    package var caller = ""
    package var requestID = ""
    /// Of a line of a stream: its number.
    package var line = 0
    /// Of several lines in one request: how many they are.
    package var lines = 0
    private var slots = (SpanEvent?.none, SpanEvent?.none, SpanEvent?.none, SpanEvent?.none)

    package init(_ kind: Kind, name: String) {
        self.kind = kind
        self.name = name
    }

    package var events: [SpanEvent] {
        [self.slots.0, self.slots.1, self.slots.2, self.slots.3].compactMap { $0 }
    }

    /// Keeps an event; one too many is left out.
    package mutating func append(_ event: SpanEvent) {
        if self.slots.0 == nil {
            self.slots.0 = event
        } else if self.slots.1 == nil {
            self.slots.1 = event
        } else if self.slots.2 == nil {
            self.slots.2 = event
        } else if self.slots.3 == nil {
            self.slots.3 = event
        }
    }

    package static func == (one: SpanRecord, other: SpanRecord) -> Bool {
        one.traceHigh == other.traceHigh && one.traceLow == other.traceLow && one.spanID == other.spanID
    }
}
