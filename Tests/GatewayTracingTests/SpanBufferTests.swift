import Testing

@testable import GatewayTracing

@Suite("Spans that wait")
struct SpanBufferTests {
    private static func spans(_ count: Int) -> [SpanRecord] {
        (0..<count).map { number in
            var span = SpanRecord(.server, name: "x")
            span.spanID = UInt64(number + 1)
            return span
        }
    }

    @Test("all spans of an exchange find room, or none does and all are counted")
    func bound() {
        let buffer = SpanBuffer(recordsMax: 10)
        buffer.append(Self.spans(6))
        buffer.append(Self.spans(6))
        #expect(buffer.dropped == 6)
        buffer.append(Self.spans(4))
        #expect(buffer.dropped == 6)
        #expect(buffer.take(8).count == 8)
        #expect(buffer.take(8).count == 2)
        #expect(buffer.take(8).isEmpty)
    }

    @Test("what is sent is compressed, and has the header fields of its endpoint")
    func request() throws {
        let endpoint = TraceEndpoint(
            host: "::1", port: 4318, path: "/v1/traces", tls: nil, encoding: .protobuf, compresses: true,
            headers: [("authorization", Array("Bearer x".utf8))], resource: [("service.name", "s")])
        let request = endpoint.request(Self.spans(100), version: "1")
        let head = String(decoding: request, as: UTF8.self).split(separator: "\r\n\r\n")[0]
        #expect(head.hasPrefix("POST /v1/traces HTTP/1.1\r\nhost: [::1]:4318\r\n"))
        #expect(head.contains("\r\ncontent-encoding: gzip\r\nauthorization: Bearer x"))
        let end = try #require(request.firstRange(of: Array("\r\n\r\n".utf8))).upperBound
        #expect(Array(request[end...].prefix(2)) == [0x1F, 0x8B])
        #expect(head.contains("\r\ncontent-length: \(request.count - end)\r\n"))
    }
}
