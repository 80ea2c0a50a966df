import Testing

@testable import GatewayHTTP2

@Suite("Frames that libnghttp2 drops without a word")
struct IgnoredFrameTests {
    /// A server that has reset its caller's stream 1.
    private static func serverAfterReset() throws -> RawServer {
        let server = try RawServer()
        try server.receive(.headers(1, RawServer.request, isEnd: false))
        try server.peer.session.submitReset(streamID: 1, code: .noError)
        _ = try server.frames()
        return server
    }

    /// A client that has given up its stream 1, with the windows of one that speaks to vendors unless told otherwise.
    private static func clientAfterReset(streamWindowBytes: Int = 1024 * 1024) throws -> RawClient {
        var limits = HTTP2Limits()
        limits.streamWindowBytes = streamWindowBytes
        limits.connectionWindowBytes = 16 * 1024 * 1024
        let client = try RawClient(limits: limits)
        let stream = try client.request()
        try client.receive(.headers(stream, [":status": "200"], isEnd: false))
        try client.peer.session.submitReset(streamID: Int32(stream), code: .cancel)
        _ = try client.peer.output()
        return client
    }

    /// Feeds `frames` again and again, at one moment, and reads the answers; the error that ends it.
    private static func error(of peer: SessionPeer, sending frames: [RawFrame], times: Int) throws -> HTTP2Error? {
        let bytes = frames.flatMap(\.bytes)
        for _ in 0..<times {
            do { try peer.receive(bytes) } catch let error as HTTP2Error { return error }
            _ = try peer.output()
            guard peer.session.isAlive else { return nil }
        }
        return nil
    }

    static let dropped: [(String, RawFrame)] = [
        ("empty DATA", .data(1)),
        ("DATA", .data(1, patternedBody(100))),
        (
            "padded DATA",
            RawFrame(kind: RawFrame.Kind.data, flags: RawFrame.Flag.padded, stream: 1, payload: [2, 1, 0, 0])
        ),
        ("trailers", .headers(1, ["x": "y"], isEnd: false)),
    ]

    @Test("a flood of them on a stream that we have reset ends a caller's session", arguments: Self.dropped)
    func callersFlood(name: String, frame: RawFrame) throws {
        let server = try Self.serverAfterReset()
        let error = try Self.error(of: server.peer, sending: [frame], times: 10_000)
        #expect(error == .peerExceeded(.controlFrames), "\(name)")
    }

    @Test("a flood of them on a stream that we have reset ends a vendor's session", arguments: Self.dropped)
    func vendorsFlood(name: String, frame: RawFrame) throws {
        // What the stream's window has room for is the next test's.
        let client = try Self.clientAfterReset(streamWindowBytes: 1024)
        let error = try Self.error(of: client.peer, sending: [frame], times: 10_000)
        #expect(error == .peerExceeded(.controlFrames), "\(name)")
    }

    @Test("however the bytes are cut, a frame that was let in is not counted as dropped")
    func cutFrames() throws {
        let server = try RawServer()
        try server.receive(.headers(1, RawServer.request, isEnd: false))
        let data = RawFrame.data(1, patternedBody(64)).bytes
        let padded = RawFrame(
            kind: RawFrame.Kind.data, flags: RawFrame.Flag.padded, stream: 1, payload: [2] + patternedBody(66)
        ).bytes
        for number in 0..<10_000 {
            let frame = number.isMultiple(of: 2) ? data : padded
            // Every place of the header and of what stands behind it is where a read ends, now and then.
            let cut = 1 + number % 12
            try server.peer.receive(Array(frame[..<cut]))
            try server.peer.receive(Array(frame[cut...]))
            _ = try server.frames()
        }
        #expect(server.peer.session.isAlive)
        #expect(server.peer.bodies[1]?.count == 640_000)
    }

    @Test("all that a caller can have under way when its streams are reset is no flood")
    func callersWindow() throws {
        let server = try Self.serverAfterReset()
        let error = try Self.error(of: server.peer, sending: [.data(1, patternedBody(1024))], times: 1024)
        #expect(error == nil)
        try server.receive(.headers(3, RawServer.request))
        #expect(server.peer.happenings(on: 3).first?.isMessage == true)
    }

    @Test("all that a vendor can have under way when its streams are given up is no flood")
    func vendorsWindow() throws {
        let client = try Self.clientAfterReset()
        let error = try Self.error(of: client.peer, sending: [.data(1, patternedBody(4096))], times: 4096)
        #expect(error == nil)
        #expect(client.peer.session.isAlive)
    }

    @Test("a vendor may fill the window of a stream that we have reset, in frames as small as it likes, and no more")
    func vendorsSmallFrames() throws {
        let window = 64 * 1024
        let client = try Self.clientAfterReset(streamWindowBytes: window)
        let frame = RawFrame.data(1, [7])
        #expect(try Self.error(of: client.peer, sending: [frame], times: window) == nil)
        let error = try Self.error(of: client.peer, sending: [frame], times: HTTP2AbuseLimits.burst + 100)
        #expect(error == .peerExceeded(.controlFrames))
    }

    @Test("empty DATA does not become free because something else is late")
    func emptyBesideLate() throws {
        let client = try Self.clientAfterReset(streamWindowBytes: 1024)
        let frames = [RawFrame.data(1, patternedBody(4))] + [RawFrame](repeating: .data(1), count: 100)
        #expect(try Self.error(of: client.peer, sending: frames, times: 200) == .peerExceeded(.controlFrames))
    }

    @Test("what is dropped goes back to the connection's window: others are not starved by it")
    func window() throws {
        let server = try Self.serverAfterReset()
        var sent = 0
        var granted = 1024 * 1024
        while sent < 8 * 1024 * 1024 {
            try #require(granted - sent >= 16_384, "the window is shut")
            try server.receive(.data(1, patternedBody(16_384)))
            sent += 16_384
            for frame in try server.frames() where frame.kind == RawFrame.Kind.windowUpdate && frame.stream == 0 {
                granted += Int(frame.payload.reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
            }
        }
        try server.receive(
            .headers(3, RawServer.request, isEnd: false), .data(3, patternedBody(16_000), isEnd: true))
        #expect(server.peer.bodies[3]?.count == 16_000)
    }
}

@Suite("What a peer may not get for nothing")
struct FreeFrameTests {
    @Test(
        "bodies that are not as long as they said end the connection: each makes us answer with a reset (CVE-2025-8671)"
    )
    func wrongLengths() throws {
        let request: KeyValuePairs<String, String> = [
            ":method": "PUT", ":scheme": "https", ":authority": "gateway.test", ":path": "/", "content-length": "2",
        ]
        for (body, isEnd) in [([1, 2, 3], false), ([1], true)] as [([UInt8], Bool)] {
            let server = try RawServer()
            var error: HTTP2Error?
            for number in 0..<10_000 where error == nil {
                let stream = UInt32(2 * number + 1)
                do {
                    try server.receive(.headers(stream, request, isEnd: false), .data(stream, body, isEnd: isEnd))
                } catch let caught as HTTP2Error { error = caught }
                _ = try server.frames()
            }
            #expect(error == .peerExceeded(.controlFrames))
        }
    }

    @Test("acknowledgements of PINGs that nobody sent end the connection")
    func acknowledgements() throws {
        let server = try RawServer()
        var error: HTTP2Error?
        for _ in 0..<10_000 where error == nil {
            do { try server.receive(.ping(isAcknowledgement: true)) } catch let caught as HTTP2Error { error = caught }
        }
        #expect(error == .peerExceeded(.controlFrames))
    }

    @Test(
        "a vendor may say of each request that it has answered without reading all of it (RFC 9113 section 8.1)",
        arguments: [(UInt32(0), nil), (UInt32(8), HTTP2Error.peerExceeded(.controlFrames))])
    func answeredEarly(code: UInt32, expected: HTTP2Error?) throws {
        let client = try RawClient()
        var error: HTTP2Error?
        for _ in 0..<10_000 where error == nil {
            let stream = try client.request(body: [1])
            do {
                try client.receive(.headers(stream, [":status": "200"]), .reset(stream, code: code))
            } catch let caught as HTTP2Error { error = caught }
        }
        #expect(error == expected)
    }

    @Test("interim responses without end end the connection")
    func interimResponses() throws {
        let client = try RawClient()
        let stream = try client.request()
        var error: HTTP2Error?
        for _ in 0..<10_000 where error == nil {
            do {
                try client.receive(.headers(stream, [":status": "103"], isEnd: false))
            } catch let caught as HTTP2Error { error = caught }
        }
        #expect(error == .peerExceeded(.controlFrames))
    }
}
