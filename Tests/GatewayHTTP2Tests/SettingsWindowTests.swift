import Testing

@testable import GatewayHTTP2

@Suite("Settings that overflow a stream's window (RFC 9113 section 6.9.2)")
struct SettingsWindowTests {
    /// SETTINGS that make the window of a stream that was widened to the most there may be one byte too large.
    private static let tooMuch = Self.settings(window: 65_536)

    private static func settings(window: UInt32) -> RawFrame {
        let values: [(UInt16, UInt32)] = [(4, window), (1, 0), (5, 20_000)]
        return RawFrame.settings(values)
    }

    /// The codes of the GOAWAY frames and resets among `frames`.
    private static func ends(_ frames: [RawFrame]) -> (goAways: [UInt32?], resets: [UInt32?]) {
        (
            frames.filter { $0.kind == RawFrame.Kind.goAway }.map(\.errorCode),
            frames.filter { $0.kind == RawFrame.Kind.reset }.map(\.errorCode)
        )
    }

    @Test("end a caller's connection", arguments: [1, 9, 10, 14, 1_000])
    func caller(size: Int) throws {
        let server = try RawServer()
        try server.receive(
            .headers(1, RawServer.request, isEnd: false), .windowUpdate(1, 0x7FFF_FFFF - 65_535))
        #expect(Self.ends(try server.frames()).resets.isEmpty)
        var rest = Self.tooMuch.bytes[...]
        while !rest.isEmpty {
            try? server.peer.receive(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        #expect(Self.ends(try server.frames()).goAways == [HTTP2ErrorCode.flowControlError.rawValue])
        #expect(!server.peer.session.isAlive)
    }

    @Test("end a vendor's connection")
    func vendor() throws {
        let client = try RawClient()
        let stream = try client.request(body: patternedBody(100))
        try client.receive(.windowUpdate(stream, 0x7FFF_FFFF - 65_535 + 100))
        try? client.receive(Self.tooMuch)
        #expect(Self.ends(try client.frames()).goAways == [HTTP2ErrorCode.flowControlError.rawValue])
        #expect(!client.peer.session.isAlive)
    }

    @Test("are told from all else that makes us write")
    func others() throws {
        let server = try RawServer()
        let open = [RawFrame.headers(1, RawServer.request), .headers(3, RawServer.request, isEnd: false)]
        try server.peer.receive(open.flatMap(\.bytes))
        // Answers, resets and acknowledgements wait to be sent while SETTINGS come, whole and in parts.
        try server.peer.session.submitResponse(streamID: 1, fields: .response(), body: patternedBody(100_000))
        try server.receive(.ping(), .ping(), Self.settings(window: 0), Self.settings(window: 90_000))
        let settings = Self.settings(window: 0x7FFF_FFFF).bytes
        try server.peer.receive(RawFrame.ping().bytes + settings[..<12])
        try server.peer.session.submitReset(streamID: 3, code: .cancel)
        try server.peer.session.submitPing()
        try server.peer.receive(Array(settings[12...]))
        let ends = Self.ends(try server.frames())
        #expect(ends.goAways.isEmpty)
        #expect(ends.resets == [HTTP2ErrorCode.cancel.rawValue])
        #expect(server.peer.session.isAlive)
    }

    @Test("a window that the peer itself overflows on a stream ends that stream")
    func update() throws {
        let server = try RawServer()
        try server.receive(.headers(1, RawServer.request, isEnd: false), .windowUpdate(1, 0x7FFF_FFFF), .settings())
        let ends = Self.ends(try server.frames())
        #expect(ends.goAways.isEmpty)
        #expect(ends.resets == [HTTP2ErrorCode.flowControlError.rawValue])
    }
}
