import GatewayJSON
import Testing

@testable import GatewayTracing

@Suite("A request with spans")
struct TraceRequestTests {
    private static let span: SpanRecord = {
        var span = SpanRecord(.client, name: "PUT")
        span.traceHigh = 0x0102_0304_0506_0708
        span.traceLow = 0x090a_0b0c_0d0e_0f10
        span.spanID = 0x1112_1314_1516_1718
        span.parentID = 0x2122_2324_2526_2728
        span.startNanoseconds = 1
        span.endNanoseconds = 0x0102
        span.status = 503
        span.isError = true
        span.append(SpanEvent(.queue, atNanoseconds: 5, durationNanoseconds: 500_000_000))
        return span
    }()

    private static var request: TraceRequest {
        TraceRequest(
            resource: [SpanAttribute(name: "service.name", value: .text("gateway"))], version: "1", spans: [self.span])
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes { text += (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        return text
    }

    @Test("has the bytes that the schema gives a span")
    func protobuf() throws {
        let text = Self.hexadecimal(Self.request.protobuf)
        func has(_ parts: String...) -> Bool { text.contains(parts.joined()) }
        // trace_id, span_id, parent_span_id (fields 1, 2, 4), name (5), kind CLIENT (6), times (7, 8, fixed64).
        #expect(
            has(
                "0a10", "0102030405060708090a0b0c0d0e0f10", "1208", "1112131415161718", "2208", "2122232425262728",
                "2a03", "505554", "3003", "390100000000000000", "410201000000000000"))
        // http.response.status_code (key, 1) as an int_value (3) of the value (2): 503 is f7 03.
        #expect(has("0a19", Self.hexadecimal("http.response.status_code".utf8), "1203", "18f703"))
        // status (15) with code ERROR (3: 2), and flags (16, fixed32): sampled.
        #expect(text.hasSuffix("7a021802850101000000"))
        // The resource's service.name.
        #expect(has("0a0c", Self.hexadecimal("service.name".utf8), "1209", "0a07", Self.hexadecimal("gateway".utf8)))
    }

    @Test("writes ids in hexadecimal, enumerations as numbers and 64-bit numbers as strings in JSON")
    func json() throws {
        let root = try JSONDocument(parsing: Self.request.json).root
        let resource = try #require(root["resourceSpans"]?.elements.first)
        #expect(resource["resource"]?["attributes"]?.elements.first?["key"]?.string == "service.name")
        let span = try #require(resource["scopeSpans"]?.elements.first?["spans"]?.elements.first)
        #expect(span["traceId"]?.string == "0102030405060708090a0b0c0d0e0f10")
        #expect(span["spanId"]?.string == "1112131415161718")
        #expect(span["parentSpanId"]?.string == "2122232425262728")
        #expect(span["kind"]?.integer == 3)
        #expect(span["startTimeUnixNano"]?.string == "1")
        #expect(span["status"]?["code"]?.integer == 2)
        let attribute = try #require(
            span["attributes"]?.elements.first { $0["key"]?.string?.hasSuffix("code") == true })
        #expect(attribute["value"]?["intValue"]?.string == "503")
        let event = try #require(span["events"]?.elements.first)
        #expect(event["name"]?.string == "waited for a connection")
        #expect(
            event["attributes"]?.elements.first?["value"]?["doubleValue"].map {
                String(decoding: $0.rawBytes, as: UTF8.self)
            } == "0.5")
    }

    @Test("a span keeps four events and no more")
    func events() {
        var span = Self.span
        for number in 0..<6 { span.append(SpanEvent(.pause, atNanoseconds: UInt64(number), durationNanoseconds: 0)) }
        #expect(span.events.count == SpanRecord.eventsMax)
        #expect(span.events.first?.kind == .queue)
    }

    @Test("numbers of more than seven bits are varints")
    func varint() {
        var writer = ProtobufWriter()
        writer.varint(1, 300)
        writer.varint(2, 0)
        writer.varint(3, .max)
        #expect(writer.bytes == [0x08, 0xAC, 0x02, 0x18] + [UInt8](repeating: 0xFF, count: 9) + [0x01])
    }
}
