import GatewayHTTP
import GatewayJSON

/// An `ExportTraceServiceRequest` of OTLP 1.x: one resource, one scope, some spans (opentelemetry-proto
/// `collector/trace/v1/trace_service.proto`, `trace/v1/trace.proto`, `common/v1/common.proto`).
struct TraceRequest {
    /// Who sends: `service.name` and others.
    let resource: [SpanAttribute]
    let version: String
    let spans: [SpanRecord]

    private static let scope = "product-gateway"
    /// Trace flags in the low byte: all that is sent was sampled.
    private static let sampledFlag: UInt64 = 1
    /// `Status.StatusCode.STATUS_CODE_ERROR`.
    private static let errorStatus = 2
    private static let waited = "product_gateway.waited_seconds"

    // MARK: Protocol Buffers

    /// The numbers are those of the fields in the .proto files.
    var protobuf: [UInt8] {
        var request = ProtobufWriter()
        request.message(1) { resourceSpans in
            resourceSpans.message(1) { resource in
                for attribute in self.resource { Self.write(attribute, as: 1, to: &resource) }
            }
            resourceSpans.message(2) { scopeSpans in
                scopeSpans.message(1) { scope in
                    scope.string(1, Self.scope)
                    scope.string(2, self.version)
                }
                for span in self.spans { scopeSpans.message(2) { Self.write(span, to: &$0) } }
            }
        }
        return request.bytes
    }

    private static func write(_ span: SpanRecord, to message: inout ProtobufWriter) {
        message.id(1, span.traceHigh, span.traceLow)
        message.id(2, span.spanID)
        message.id(4, span.parentID)
        message.string(5, span.name)
        message.varint(6, UInt64(span.kind.rawValue))
        message.fixed64(7, span.startNanoseconds)
        message.fixed64(8, span.endNanoseconds)
        for attribute in span.attributes { self.write(attribute, as: 9, to: &message) }
        for event in span.events {
            message.message(11) { inner in
                inner.fixed64(1, event.atNanoseconds)
                inner.string(2, event.kind.name)
                inner.message(3) { pair in
                    pair.string(1, self.waited)
                    pair.message(2) { $0.fixed64(4, self.seconds(event).bitPattern) }
                }
            }
        }
        if span.isError { message.message(15) { $0.varint(3, UInt64(self.errorStatus)) } }
        message.fixed32(16, UInt32(self.sampledFlag))
    }

    private static func write(_ attribute: SpanAttribute, as field: UInt64, to message: inout ProtobufWriter) {
        message.message(field) { pair in
            pair.string(1, attribute.name)
            pair.message(2) { value in
                switch attribute.value {
                case .text(let text): value.string(1, text)
                case .integer(let number): value.varint(3, UInt64(bitPattern: Int64(number)))
                }
            }
        }
    }

    private static func seconds(_ event: SpanEvent) -> Double { Double(event.durationNanoseconds) / 1e9 }

    // MARK: JSON

    /// As OTLP/HTTP wants JSON: names in lowerCamelCase, ids in hexadecimal, enumerations as numbers, 64-bit numbers as
    /// strings (opentelemetry-proto, docs/specification.md, "JSON Protobuf Encoding").
    var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 1024 * (self.spans.count + 1))
        writer.object { writer in
            writer.array("resourceSpans") { writer in
                writer.object { writer in
                    writer.object("resource") { Self.write(self.resource, to: &$0) }
                    writer.array("scopeSpans") { writer in
                        writer.object { writer in
                            writer.object("scope") { writer in
                                writer.member("name", Self.scope)
                                writer.member("version", self.version)
                            }
                            writer.array("spans") { writer in
                                for span in self.spans { writer.object { Self.write(span, to: &$0) } }
                            }
                        }
                    }
                }
            }
        }
        return writer.bytes
    }

    private static func write(_ span: SpanRecord, to writer: inout JSONWriter) {
        writer.member("traceId", HexDigits.string(span.traceHigh) + HexDigits.string(span.traceLow))
        writer.member("spanId", HexDigits.string(span.spanID))
        if span.parentID != 0 { writer.member("parentSpanId", HexDigits.string(span.parentID)) }
        writer.member("name", span.name)
        writer.member("kind", span.kind.rawValue)
        writer.member("startTimeUnixNano", String(span.startNanoseconds))
        writer.member("endTimeUnixNano", String(span.endNanoseconds))
        self.write(span.attributes, to: &writer)
        if !span.events.isEmpty {
            writer.array("events") { writer in
                for event in span.events {
                    writer.object { writer in
                        writer.member("timeUnixNano", String(event.atNanoseconds))
                        writer.member("name", event.kind.name)
                        writer.array("attributes") { writer in
                            writer.object { writer in
                                writer.member("key", self.waited)
                                writer.object("value") { writer in
                                    writer.name("doubleValue")
                                    writer.raw(String(self.seconds(event)))
                                }
                            }
                        }
                    }
                }
            }
        }
        if span.isError { writer.object("status") { $0.member("code", self.errorStatus) } }
        writer.member("flags", Int(self.sampledFlag))
    }

    private static func write(_ attributes: [SpanAttribute], to writer: inout JSONWriter) {
        writer.array("attributes") { writer in
            for attribute in attributes {
                writer.object { writer in
                    writer.member("key", attribute.name)
                    writer.object("value") { writer in
                        switch attribute.value {
                        case .text(let text): writer.member("stringValue", text)
                        case .integer(let number): writer.member("intValue", String(number))
                        }
                    }
                }
            }
        }
    }
}
