import Testing

@testable import GatewayProxy

@Suite("What a caller speaks, told from its first bytes")
struct FirstBytesTests {
    private static func find(_ text: String, bytesMax: Int = 1_000) -> FirstBytes.Finding {
        Array(text.utf8).withUnsafeBytes { FirstBytes.find($0, bytesMax: bytesMax) }
    }

    private static let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    @Test("the whole preface is HTTP/2, and any beginning of it tells nothing yet")
    func preface() {
        for length in 0..<Self.preface.utf8.count {
            #expect(Self.find(String(decoding: Self.preface.utf8.prefix(length), as: UTF8.self)) == .undecided)
        }
        #expect(Self.find(Self.preface) == .http2)
        #expect(Self.find(Self.preface + "\0\0\0\u{4}") == .http2)
    }

    @Test("a line with a version of HTTP is HTTP/1.1, whatever else is wrong with it, and only when it is whole")
    func requestLine() {
        for line in ["GET / HTTP/1.1\r\n", "BREW / HTTP/3\n", "get  x  HTTP/1.0\r\n", "\r\n\r\nGET / HTTP/1.1\r\n"] {
            #expect(Self.find(line) == .http1)
            #expect(Self.find(String(decoding: line.utf8.dropLast(), as: UTF8.self)) == .undecided)
        }
        #expect(Self.find("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n") == .http1)
        #expect(Self.find("P") == .undecided)
    }

    @Test(
        "what is none of them is unknown",
        arguments: [
            "INVALID CONNECTION PREFACE\r\n", "GET /\r\n", " GET / HTTP/1.1\r\n", "\0",
        ])
    func neither(text: String) {
        #expect(Self.find(text) == .unknown)
    }

    @Test("the first byte of a handshake is TLS")
    func tls() {
        #expect(Self.find("\u{16}") == .tls)
        #expect(Self.find("\u{16}\u{3}\u{1}\u{2}") == .tls)
    }

    @Test("a line without an end is one of HTTP/1.1 when it is long enough")
    func endless() {
        let line = "GET /" + String(repeating: "x", count: 100)
        #expect(Self.find(line, bytesMax: 106) == .undecided)
        #expect(Self.find(line, bytesMax: 105) == .http1)
        #expect(Self.find(String(repeating: "\r\n", count: 50), bytesMax: 100) == .http1)
        #expect(Self.find(String(repeating: "\r\n", count: 50), bytesMax: 101) == .undecided)
    }
}
