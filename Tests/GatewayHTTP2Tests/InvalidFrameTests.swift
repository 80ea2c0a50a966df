import Testing

@testable import GatewayHTTP2

@Suite("What RFC 9113 forbids")
struct InvalidFrameTests {
    enum Expectation: Sendable, Equatable {
        /// RST_STREAM with this code; the session goes on.
        case streamError(HTTP2ErrorCode)
        /// GOAWAY with this code; the session is over.
        case connectionError(HTTP2ErrorCode)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let frames: [RawFrame]
        let expected: Expectation

        init(_ name: String, _ frames: [RawFrame], _ expected: Expectation) {
            self.name = name
            self.frames = frames
            self.expected = expected
        }

        var testDescription: String { self.name }
    }

    private static let frameSize = HTTP2ErrorCode(rawValue: 6)
    private static let compression = HTTP2ErrorCode(rawValue: 9)
    private static let streamClosed = HTTP2ErrorCode(rawValue: 5)

    private static func request(_ fields: KeyValuePairs<String, String>) -> [RawFrame] {
        [.headers(1, fields)]
    }

    private static func bytes(_ name: String, _ value: [UInt8]) -> [RawFrame] {
        [
            .headers(
                1, block: HPACK.block(RawServer.request) + HPACK.literal(Array(name.utf8), value))
        ]
    }

    // Section 8: the request is malformed, the connection is not.
    static let malformedRequests: [Case] = [
        Case(
            "a connection field",
            request([
                ":method": "PUT", ":scheme": "https", ":path": "/", "connection": "close",
            ]), .streamError(.protocolError)),
        Case(
            "keep-alive",
            request([
                ":method": "PUT", ":scheme": "https", ":path": "/", "keep-alive": "5",
            ]), .streamError(.protocolError)),
        Case(
            "proxy-connection",
            request([
                ":method": "PUT", ":scheme": "https", ":path": "/", "proxy-connection": "close",
            ]), .streamError(.protocolError)),
        Case(
            "transfer-encoding",
            request([
                ":method": "PUT", ":scheme": "https", ":path": "/", "transfer-encoding": "chunked",
            ]), .streamError(.protocolError)),
        Case(
            "upgrade",
            request([
                ":method": "PUT", ":scheme": "https", ":path": "/", "upgrade": "h2c",
            ]), .streamError(.protocolError)),
        Case(
            "te that is not trailers",
            request([
                ":method": "PUT", ":scheme": "https", ":path": "/", "te": "gzip",
            ]), .streamError(.protocolError)),
        Case(
            "an upper-case name",
            request([
                ":method": "PUT", ":scheme": "https", ":path": "/", "X-Big": "1",
            ]), .streamError(.protocolError)),
        Case("no :path", request([":method": "PUT", ":scheme": "https"]), .streamError(.protocolError)),
        Case("no :scheme", request([":method": "PUT", ":path": "/"]), .streamError(.protocolError)),
        Case("no :method", request([":scheme": "https", ":path": "/"]), .streamError(.protocolError)),
        Case(
            "an empty :path",
            request([
                ":method": "PUT", ":scheme": "https", ":authority": "a", ":path": "",
            ]), .streamError(.protocolError)),
        Case(
            "two :path",
            request([
                ":method": "PUT", ":scheme": "https", ":path": "/", ":path": "/",
            ]), .streamError(.protocolError)),
        Case(
            "a pseudo field after a field",
            request([
                ":method": "PUT", ":scheme": "https", "accept": "*/*", ":path": "/",
            ]), .streamError(.protocolError)),
        Case(
            "an unknown pseudo field",
            request([
                ":method": "PUT", ":scheme": "https", ":path": "/", ":shoe": "9",
            ]), .streamError(.protocolError)),
        Case(
            "a response's pseudo field",
            request([
                ":method": "PUT", ":scheme": "https", ":path": "/", ":status": "200",
            ]), .streamError(.protocolError)),
        Case("an empty name", bytes("", [0x61]), .streamError(.protocolError)),
        Case("a name with a blank", bytes("a b", [0x61]), .streamError(.protocolError)),
        Case("NUL in a value", bytes("x", [0x61, 0x00, 0x62]), .streamError(.protocolError)),
        Case("CR in a value", bytes("x", [0x61, 0x0D, 0x62]), .streamError(.protocolError)),
        Case("LF in a value", bytes("x", [0x61, 0x0A, 0x62]), .streamError(.protocolError)),
        Case(
            "a content-length that is no number",
            request([
                ":method": "PUT", ":scheme": "https", ":path": "/", "content-length": "-1",
            ]), .streamError(.protocolError)),
        Case(
            "two content-lengths",
            [
                .headers(
                    1,
                    [
                        ":method": "PUT", ":scheme": "https", ":path": "/", "content-length": "1",
                        "content-length": "2",
                    ], isEnd: false)
            ], .streamError(.protocolError)),
        Case(
            "a content-length and no body",
            request([
                ":method": "PUT", ":scheme": "https", ":path": "/", "content-length": "1",
            ]), .streamError(.protocolError)),
    ]

    // The request was right at first: its message is told, its end is not.
    static let brokenRequests: [Case] = [
        Case(
            "more body than content-length says",
            [
                .headers(
                    1,
                    [
                        ":method": "PUT", ":scheme": "https", ":path": "/", "content-length": "3",
                    ], isEnd: false), .data(1, [1, 2, 3, 4], isEnd: true),
            ], .streamError(.protocolError)),
        Case(
            "less body than content-length says",
            [
                .headers(
                    1,
                    [
                        ":method": "PUT", ":scheme": "https", ":path": "/", "content-length": "3",
                    ], isEnd: false), .data(1, [1, 2], isEnd: true),
            ], .streamError(.protocolError)),
        Case(
            "a pseudo field in trailers",
            [
                .headers(1, RawServer.request, isEnd: false), .headers(1, [":path": "/"]),
            ], .streamError(.protocolError)),
        Case(
            "trailers that do not end the stream",
            [
                .headers(1, RawServer.request, isEnd: false), .headers(1, ["x": "1"], isEnd: false),
            ], .streamError(.protocolError)),
        Case(
            "a window beyond 2^31-1",
            [
                .headers(1, RawServer.request, isEnd: false), .windowUpdate(1, 0x7FFF_FFFF),
            ], .streamError(.flowControlError)),
        Case(
            "DATA after the end",
            [
                .headers(1, RawServer.request), .data(1, [1]),
            ], .connectionError(streamClosed)),
        Case(
            "HEADERS after the end",
            [
                .headers(1, RawServer.request), .headers(1, RawServer.request),
            ], .connectionError(streamClosed)),
    ]

    static let connectionErrors: [Case] = [
        Case("DATA on an idle stream", [.data(1, [1])], .connectionError(.protocolError)),
        Case("DATA on stream 0", [.data(0, [1])], .connectionError(.protocolError)),
        Case("HEADERS on stream 0", [.headers(0, RawServer.request)], .connectionError(.protocolError)),
        Case("HEADERS on an even stream", [.headers(2, RawServer.request)], .connectionError(.protocolError)),
        Case("RST_STREAM on an idle stream", [.reset(1)], .connectionError(.protocolError)),
        Case(
            "RST_STREAM of three bytes",
            [
                .headers(1, RawServer.request, isEnd: false),
                RawFrame(kind: RawFrame.Kind.reset, stream: 1, payload: [0, 0, 8]),
            ], .connectionError(frameSize)),
        Case("WINDOW_UPDATE of nothing", [.windowUpdate(0, 0)], .connectionError(.protocolError)),
        Case("WINDOW_UPDATE on an idle stream", [.windowUpdate(1, 1)], .connectionError(.protocolError)),
        Case("a connection window beyond 2^31-1", [.windowUpdate(0, 0x7FFF_FFFF)], .connectionError(.flowControlError)),
        Case(
            "SETTINGS of five bytes",
            [
                RawFrame(kind: RawFrame.Kind.settings, payload: [0, 0, 0, 0, 0])
            ], .connectionError(frameSize)),
        Case(
            "SETTINGS on a stream",
            [
                RawFrame(kind: RawFrame.Kind.settings, stream: 1)
            ], .connectionError(.protocolError)),
        Case(
            "an acknowledgement with settings",
            [
                RawFrame(
                    kind: RawFrame.Kind.settings, flags: RawFrame.Flag.acknowledgement,
                    payload: [0, 4, 0, 0, 0, 1])
            ], .connectionError(frameSize)),
        Case("ENABLE_PUSH of 2", [.settings([(2, 2)])], .connectionError(.protocolError)),
        Case("a first window beyond 2^31-1", [.settings([(4, 0x8000_0000)])], .connectionError(.flowControlError)),
        Case("a largest frame of one byte", [.settings([(5, 1)])], .connectionError(.protocolError)),
        Case(
            "PING of seven bytes",
            [
                RawFrame(kind: RawFrame.Kind.ping, payload: [1, 2, 3, 4, 5, 6, 7])
            ], .connectionError(frameSize)),
        Case(
            "PING on a stream",
            [
                RawFrame(kind: RawFrame.Kind.ping, stream: 1, payload: [1, 2, 3, 4, 5, 6, 7, 8])
            ], .connectionError(.protocolError)),
        Case(
            "GOAWAY on a stream",
            [
                RawFrame(kind: RawFrame.Kind.goAway, stream: 1, payload: [0, 0, 0, 0, 0, 0, 0, 0])
            ], .connectionError(.protocolError)),
        Case(
            "CONTINUATION out of nowhere",
            [
                .continuation(1, block: [], isWhole: true)
            ], .connectionError(.protocolError)),
        Case(
            "PING within a header block",
            [
                .headers(1, RawServer.request, isWhole: false), .ping(),
            ], .connectionError(.protocolError)),
        Case(
            "CONTINUATION of another stream",
            [
                .headers(1, RawServer.request, isWhole: false), .continuation(3, block: [], isWhole: true),
            ], .connectionError(.protocolError)),
        Case(
            "a frame larger than we said",
            [
                .headers(1, RawServer.request, isEnd: false), .data(1, [UInt8](repeating: 0, count: 16_385)),
            ], .connectionError(frameSize)),
        Case(
            "padding longer than the frame",
            [
                .headers(1, RawServer.request, isEnd: false),
                RawFrame(
                    kind: RawFrame.Kind.data, flags: RawFrame.Flag.padded, stream: 1, payload: [9, 1]),
            ], .connectionError(.protocolError)),
        Case(
            "a block that HPACK cannot read",
            [
                .headers(1, block: [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
            ], .connectionError(compression)),
        Case("an index beyond the table", [.headers(1, block: [0xFE])], .connectionError(compression)),
        Case(
            "a block that ends within a field",
            [
                .headers(1, block: [0x00, 0x05, 0x61])
            ], .connectionError(compression)),
        Case(
            "a table larger than we said",
            [
                .headers(1, block: [0x3F, 0xE2, 0x1F] + HPACK.block(RawServer.request))
            ], .connectionError(compression)),
        Case(
            "PUSH_PROMISE from a client",
            [
                RawFrame(
                    kind: RawFrame.Kind.pushPromise, flags: RawFrame.Flag.endHeaders, stream: 1,
                    payload: [0, 0, 0, 2])
            ], .connectionError(.protocolError)),
    ]

    private static func isMet(_ expected: Expectation, by frames: [RawFrame]) -> Bool {
        switch expected {
        case .streamError(let code):
            frames.contains { $0.kind == RawFrame.Kind.reset && $0.errorCode == code.rawValue }
                && !frames.contains { $0.kind == RawFrame.Kind.goAway }
        case .connectionError(let code):
            frames.contains { $0.kind == RawFrame.Kind.goAway && $0.errorCode == code.rawValue }
        }
    }

    @Test("a malformed request is reset and never told", arguments: malformedRequests)
    func malformed(_ test: Case) throws {
        let server = try RawServer()
        try server.peer.receive(test.frames.flatMap(\.bytes))
        #expect(!server.peer.happenings.contains { $0.isMessage })
        #expect(Self.isMet(test.expected, by: try server.frames()))
        // The session is as good as before.
        try server.receive(.headers(3, RawServer.request))
        #expect(server.peer.happenings(on: 3).first?.isMessage == true)
    }

    @Test("a request that goes wrong on its way never comes to its end", arguments: brokenRequests)
    func broken(_ test: Case) throws {
        let server = try RawServer()
        try server.peer.receive(test.frames.flatMap(\.bytes))
        let frames = try server.frames()
        #expect(Self.isMet(test.expected, by: frames))
        if case .streamError = test.expected {
            #expect(!server.peer.happenings(on: 1).contains(.end(stream: 1)))
            #expect(server.peer.session.isAlive)
        } else {
            #expect(!server.peer.session.isAlive)
        }
    }

    @Test("a broken connection is told why and is over", arguments: connectionErrors)
    func connection(_ test: Case) throws {
        let server = try RawServer()
        try server.peer.receive(test.frames.flatMap(\.bytes))
        #expect(Self.isMet(test.expected, by: try server.frames()))
        #expect(!server.peer.session.isAlive)
        // Whatever comes now is not read.
        server.peer.forgetHappenings()
        try server.receive(.headers(7, RawServer.request))
        #expect(server.peer.happenings == [])
    }

    @Test(
        "what is not HTTP/2 at all is an error at once",
        arguments: [
            "GET / HTTP/1.1\r\nhost: gateway.test\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
            "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nHello, world.",
        ])
    func notHTTP2(text: String) throws {
        let server = try RawServer(isSettled: false)
        var hasFailed = false
        do {
            try server.peer.receive(Array(text.utf8))
            _ = try server.frames()
            hasFailed = !server.peer.session.isAlive
        } catch is HTTP2Error {
            hasFailed = true
        }
        #expect(hasFailed)
        #expect(server.peer.happenings == [])
    }

    @Test(
        "a response that is malformed is refused and never told",
        arguments: [
            Case("no status", [.headers(1, ["x": "1"], isEnd: false)], .streamError(.protocolError)),
            Case("a status of two digits", [.headers(1, [":status": "20"])], .streamError(.protocolError)),
            Case(
                "a request's pseudo field",
                [
                    .headers(1, [":status": "200", ":path": "/"])
                ], .streamError(.protocolError)),
            Case("101", [.headers(1, [":status": "101"], isEnd: false)], .streamError(.protocolError)),
            Case(
                "an interim response that ends the stream",
                [
                    .headers(1, [":status": "103"])
                ], .streamError(.protocolError)),
            Case("DATA before the fields", [.data(1, [1])], .connectionError(.protocolError)),
            Case(
                "a connection field",
                [
                    .headers(1, [":status": "200", "connection": "close"])
                ], .streamError(.protocolError)),
            Case(
                "an upper-case name",
                [
                    .headers(1, [":status": "200", "Server": "x"])
                ], .streamError(.protocolError)),
        ])
    func malformedResponse(_ test: Case) throws {
        let client = try RawClient()
        _ = try client.request()
        try client.peer.receive(test.frames.flatMap(\.bytes))
        let frames = try client.frames()
        #expect(Self.isMet(test.expected, by: frames))
        #expect(!client.peer.happenings.contains { $0.isMessage })
    }
}
