import Testing

@testable import GatewayTracing

@Suite("A collector's answer")
struct TraceAnswerTests {
    private static func answer(_ text: String, body: [UInt8] = []) -> TraceAnswer? {
        TraceAnswer(Array(text.utf8) + body)
    }

    @Test(
        "says whether spans are taken, to be sent again, or refused",
        arguments: [
            (200, TraceAnswer.Verdict.taken(rejected: 0)), (202, .taken(rejected: 0)), (400, .refused),
            (401, .refused), (429, .again(afterSeconds: nil)), (500, .refused), (502, .again(afterSeconds: nil)),
            (503, .again(afterSeconds: nil)), (504, .again(afterSeconds: nil)),
        ])
    func verdict(status: Int, verdict: TraceAnswer.Verdict) {
        #expect(Self.answer("HTTP/1.1 \(status) x\r\ncontent-length: 0\r\n\r\n")?.verdict == verdict)
    }

    @Test("its Retry-After is kept")
    func retryAfter() {
        #expect(
            Self.answer("HTTP/1.1 429 x\r\nRetry-After: 7\r\n\r\n")?.verdict == .again(afterSeconds: 7))
    }

    @Test("a partial success counts what was rejected, and is not sent again")
    func partial() {
        // partial_success (1) { rejected_spans (1): 5, error_message (2): "no" }
        let body: [UInt8] = [0x0A, 0x06, 0x08, 0x05, 0x12, 0x02, 0x6E, 0x6F]
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\n"
        #expect(Self.answer(head + "\r\n", body: body)?.verdict == .taken(rejected: 5))
        let chunked: [UInt8] = Array("8\r\n".utf8) + body + Array("\r\n0\r\n\r\n".utf8)
        #expect(
            Self.answer(head + "transfer-encoding: chunked\r\n\r\n", body: chunked)?.verdict == .taken(rejected: 5))
    }

    @Test(
        "nonsense in its body or its head does no harm",
        arguments: [
            [0x0A], [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x0B, 0x00],
            [0x0A, 0x7F, 0x08],
        ] as [[UInt8]])
    func nonsense(body: [UInt8]) {
        #expect(Self.answer("HTTP/1.1 200 OK\r\n\r\n", body: body)?.verdict == .taken(rejected: 0))
        #expect(Self.answer("HTTP/1.1 \u{FF}00 OK\r\n\r\n") == nil)
        #expect(Self.answer("SSH-2.0-x\r\n\r\n") == nil)
        #expect(Self.answer("HTTP/1.1 200 OK") == nil)
    }
}
