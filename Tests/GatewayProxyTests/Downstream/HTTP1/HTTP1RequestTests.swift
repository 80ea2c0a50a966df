import Testing

@testable import GatewayProxy

/// What could be read in two ways is read in none (RFC 9112 section 11.2), and never by guessing.
@Suite("What a request in HTTP/1.1 must look like")
struct HTTP1RequestTests {
    private typealias Caller = HTTP1CallerConnectionTests.Caller

    private static func statuses(_ request: String) throws -> (statuses: [Int], text: String, isOpen: Bool) {
        let caller = try Caller()
        let text = try caller.say(request)
        #expect(caller.inFlight == 0)
        return (HTTP1CallerConnectionTests.statuses(text), text, caller.channel.isActive)
    }

    private static func get(_ fields: String, target: String = "/v1/targets", version: String = "HTTP/1.1") -> String {
        "GET \(target) \(version)\r\n\(fields)\r\n"
    }

    private static let document = "{\"name\":\"x\"}"
    private static func patch(_ fields: String, body: String = document) -> String {
        HTTP1CallerConnectionTests.patch + fields + "\r\n" + body
    }
    private static let chunkedDocument = "c\r\n\(document)\r\n0\r\n\r\n"

    @Test(
        "what is well-formed is taken",
        arguments: [
            get("Host: a\r\n"), "\r\n" + get("Host: a\r\n"), get("HOST:a.example:8443 \t\r\nX: \u{e9}\r\n"),
            patch("Content-Length: 12 \r\n"),
            get("Host: [::1]:80\r\nX:\r\n"), get("Host: a\r\n", target: "http://a/v1/targets"),
            get("Host: A\r\n", target: "HTTPS://a/v1/targets"), get("", version: "HTTP/1.0"),
            get("Host: a\r\nContent-Length: 3\r\n") + "abc",
            patch("Content-Length: 12\r\n"), patch("Content-Length: 0012\r\n"),
            patch("Transfer-Encoding: chunked\r\n", body: chunkedDocument),
            patch(
                "Transfer-Encoding: Chunked\r\n", body: "C;a=b;c=\"d\"\r\n\(document)\r\n00\r\nX-T: 1\r\nX-U:\r\n\r\n"),
        ])
    func wellFormed(request: String) throws {
        #expect(try Self.statuses(request).statuses == [200])
    }

    @Test(
        "a line, a field or a host that is not well-formed is refused, and the connection ends",
        arguments: [
            get("Host: a\r\n", version: "HTTP/1.2"), get("Host: a\r\n", version: "HTTP/2.0"),
            get("Host: a\r\n", version: "HTTP/3"), "GET /v1/targets HTTP/1.1\nHost: a\r\n\r\n",
            "GET /v1/targets HTTP/1.1\r\nHost: a\n\r\n", "GET /v1/targets HTTP/1.1\r\nHost: a\r\n\n",
            "GET /v1/targets HTTP/1.1\nHost: a\n\n", get("Host: a\rX: y\r\n"), get("Host: a\r\nX: y\r\n z\r\n"),
            get(" Host: a\r\n"), get("Host : a\r\n"), get("Host: a\r\n: y\r\n"), get("Host: a\r\nx(y: z\r\n"),
            get("Host: a\r\nx: a\0b\r\n"), get("Host: a\r\nx: a\u{1}b\r\n"), get("Host: a\r\nx: a\u{7f}b\r\n"),
            get("Host: a\r\nxyz\r\n"), get(""), get("Host: a\r\nHost: a\r\n"), get("Host: a\r\nhost: b\r\n"),
            get("Host:\r\n"), get("Host: a b\r\n"), get("Host: u@b\r\n"), get("Host: a/b\r\n"), get("Host: \u{e9}\r\n"),
            get("Host: a\r\nHost: a\r\n", version: "HTTP/1.0"),
        ])
    func malformedHeads(request: String) throws {
        let answer = try Self.statuses(request + "GET /v1/targets HTTP/1.1\r\nHost: smuggled\r\n\r\n")
        #expect(answer.statuses == [400])
        #expect(answer.text.contains("\r\ncontent-type: application/problem+json\r\n"))
        #expect(answer.text.contains("\r\nconnection: close\r\n"))
        #expect(answer.text.contains("\"code\":\"invalid_request\""))
        #expect(answer.text.contains("\"outcome\":\"not_sent\""))
        #expect(HTTP1CallerConnectionTests.ids(answer.text).map(\.count) == [32])
        #expect(!answer.isOpen)
    }

    @Test(
        "a target that is neither a path nor a URL of this host is refused",
        arguments: [
            "v1/targets", "*", "a:80", "ftp://a/v1/targets", "http://b/v1/targets", "http://u@a/v1/targets",
            "http:///v1/targets", "/v1/targets/\u{e9}", "http://a\\b/",
        ])
    func targets(target: String) throws {
        let answer = try Self.statuses(Self.get("Host: a\r\n", target: target))
        #expect(answer.statuses == [400])
        #expect(!answer.isOpen)
    }

    @Test(
        "a length that is not one number, or not alone, is refused, and nothing behind it is read",
        arguments: [
            "Content-Length: 12\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 12\r\n",
            "Content-Length: 12\r\nContent-Length: 12\r\n", "Content-Length: 12\r\nContent-Length: 13\r\n",
            "Content-Length: 12, 12\r\n", "Content-Length: +12\r\n", "Content-Length: -1\r\n",
            "Content-Length: 0xc\r\n",
            "Content-Length: 1 2\r\n", "Content-Length:\r\n", "Content-Length: 12;\r\n",
            "Content-Length: 99999999999999999999999\r\n",
            "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: chunked, gzip\r\n",
            "Transfer-Encoding: chunked, chunked\r\n", "Transfer-Encoding: identity\r\n", "Transfer-Encoding:\r\n",
            "Transfer-Encoding: xchunked\r\n", "Transfer-Encoding: \u{b}chunked\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding : chunked\r\n",
        ])
    func lengths(fields: String) throws {
        let answer = try Self.statuses(
            Self.patch(fields) + "GET /v1/targets HTTP/1.1\r\nHost: smuggled\r\n\r\n")
        #expect(answer.statuses == [400])
        #expect(!answer.isOpen)
    }

    @Test("HTTP/1.0 has no transfer codings")
    func codingInHTTP10() throws {
        let request = Self.patch("Transfer-Encoding: chunked\r\n", body: Self.chunkedDocument)
        #expect(try Self.statuses(request.replacing("HTTP/1.1", with: "HTTP/1.0")).statuses == [400])
    }

    @Test(
        "chunks and trailers that are not well-formed are refused",
        arguments: [
            "xyz\r\n\(document)\r\n0\r\n\r\n", "0xc\r\n\(document)\r\n0\r\n\r\n", "-c\r\n\(document)\r\n0\r\n\r\n",
            "fffffffffffffffff\r\n\(document)\r\n0\r\n\r\n", "c\n\(document)\n0\n\n", "b\r\n\(document)\r\n0\r\n\r\n",
            "c \r\n\(document)\r\n0\r\n\r\n", "c\r\n\(document)\r\n0\r\nbad trailer\r\n\r\n",
            "c\r\n\(document)\r\n0\r\nx: a\0\r\n\r\n",
            "c\r\n\(document)\r\n0\r\ncontent-length: 3\r\n\r\n",
        ])
    func chunks(body: String) throws {
        let answer = try Self.statuses(Self.patch("Transfer-Encoding: chunked\r\n", body: body))
        #expect(answer.statuses == [400])
        #expect(!answer.isOpen)
    }

    @Test(
        "methods that the gateway does not take are named with those that it does",
        arguments: [
            ("TRACE", "/v1/targets", "GET, HEAD, OPTIONS"),
            ("DELETE", "/v1/products/1", "GET, HEAD, PATCH, PUT, OPTIONS"),
            ("CONNECT", "a:80", "GET, HEAD, PATCH, POST, PUT, OPTIONS"),
            ("BREW", "/v1/products/1", "GET, HEAD, PATCH, POST, PUT, OPTIONS"),
            ("get", "/v1/targets", "GET, HEAD, PATCH, POST, PUT, OPTIONS"),
        ])
    func methods(method: String, target: String, allow: String) throws {
        let answer = try Self.statuses("\(method) \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.statuses == [405])
        #expect(answer.text.contains("\r\nallow: \(allow)\r\n"))
    }

    @Test("the limits of the header section are those of HTTP/2, counted in the same way")
    func limits() throws {
        // 100 fields at most: method, scheme, path, the host and 96 more.
        let fields = (0..<97).map { "x-\($0): v\r\n" }
        #expect(try Self.statuses(Self.get("Host: a\r\n" + fields.dropLast().joined())).statuses == [200])
        let tooMany = try Self.statuses(Self.get("Host: a\r\n" + fields.joined()))
        #expect(tooMany.statuses == [431])
        #expect(tooMany.text.contains("larger than 16384 bytes, or the fields more than 100."))
        // Bytes of line and fields, and 32 for each: GET, a path of 11, host (4 + 1), and one field.
        let rest = 16_384 - (3 + 11 + 3 * 32) - (4 + 1 + 32) - (1 + 32)
        func request(_ count: Int) -> String {
            Self.get("Host: a\r\nx: \(String(repeating: "y", count: count))\r\n")
        }
        #expect(try Self.statuses(request(rest)).statuses == [200])
        #expect(try Self.statuses(request(rest + 1)).statuses == [431])
        #expect(try Self.statuses(request(100_000)).statuses == [431])
        #expect(
            try Self.statuses(Self.get("Host: a\r\n", target: "/" + String(repeating: "y", count: 1_000))).statuses
                == [414])
        #expect(
            try Self.statuses(Self.get("Host: a\r\n", target: "/" + String(repeating: "y", count: 100_000))).statuses
                == [431])
    }

    @Test("fields that the connection field names end at the gateway")
    func connectionFields() throws {
        let answer = try Self.statuses(
            Self.get("Host: a\r\nX-Request-Id: mine\r\nConnection: x-request-id\r\n"))
        #expect(answer.statuses == [200])
        #expect(!answer.text.contains("mine"))
    }
}
