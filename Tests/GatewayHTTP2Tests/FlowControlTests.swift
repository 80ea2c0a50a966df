import Testing

@testable import GatewayHTTP2

@Suite("Flow control is the caller's")
struct FlowControlTests {
    private static let streamWindow = 65_535

    @Test("without consuming, a peer can send one stream window and not a byte more")
    func streamWindow() throws {
        let pair = try SessionPair.settled()
        pair.server.consumes = false
        _ = try pair.client.session.submitRequest(fields: .request(), body: patternedBody(200_000))
        try pair.talk()
        #expect(pair.server.bodies[1]?.count == Self.streamWindow)
    }

    @Test("what is consumed on the stream and the connection lets as much follow")
    func consuming() throws {
        let pair = try SessionPair.settled()
        pair.server.consumes = false
        let body = patternedBody(200_000)
        _ = try pair.client.session.submitRequest(fields: .request(), body: body)
        try pair.talk()
        while let received = pair.server.bodies[1]?.count, received < body.count {
            try pair.server.session.consumeStream(1, Self.streamWindow)
            try pair.server.session.consumeConnection(Self.streamWindow)
            try pair.talk()
            let now = try #require(pair.server.bodies[1]?.count)
            #expect(now > received)
            guard now > received else { return }
        }
        #expect(pair.server.bodies[1] == body)
    }

    @Test("consuming the connection only opens it for other streams, not for the same one")
    func connectionOnly() throws {
        var limits = HTTP2Limits()
        limits.connectionWindowBytes = 100_000
        let pair = try SessionPair.settled(serverLimits: limits)
        pair.server.consumes = false
        _ = try pair.client.session.submitRequest(fields: .request(), body: patternedBody(70_000))
        _ = try pair.client.session.submitRequest(fields: .request(), body: patternedBody(60_000))
        try pair.talk()
        let received = pair.server.bodies.values.reduce(0) { $0 + $1.count }
        #expect(received == 100_000)
        try pair.server.session.consumeConnection(received)
        try pair.talk()
        #expect(pair.server.bodies[1]?.count == Self.streamWindow)
        #expect(pair.server.bodies[3]?.count == 60_000)
    }

    @Test("a hundred stalled streams do not keep a neighbour's answer back")
    func stalledNeighbours() throws {
        var limits = HTTP2Limits()
        limits.connectionWindowBytes = 16 * 1024 * 1024
        let pair = try SessionPair.settled(clientLimits: limits)
        pair.client.consumes = false
        for _ in 0..<99 {
            _ = try pair.client.session.submitRequest(fields: .request(), body: [])
        }
        try pair.talk()
        let answer = patternedBody(100_000)
        for stream in stride(from: Int32(1), through: 197, by: 2) {
            try pair.server.session.submitResponse(streamID: stream, fields: .response(), body: answer)
        }
        try pair.talk()
        pair.client.consumes = true
        _ = try pair.client.session.submitRequest(fields: .request(), body: [])
        try pair.talk()
        try pair.server.session.submitResponse(streamID: 199, fields: .response(), body: answer)
        try pair.talk()
        #expect(pair.client.bodies[199] == answer)
        #expect(pair.client.bodies[1]?.count == Self.streamWindow)
    }

    @Test("a peer that sends beyond the stream's window has the stream reset with FLOW_CONTROL_ERROR")
    func beyondStreamWindow() throws {
        var limits = HTTP2Limits()
        limits.streamWindowBytes = 1_000
        let server = try RawServer(limits: limits)
        server.peer.consumes = false
        try server.receive(
            .headers(1, RawServer.request, isEnd: false), .data(1, patternedBody(1_001)))
        let answer = try #require(try server.frames().last)
        #expect(answer.kind == RawFrame.Kind.goAway || answer.kind == RawFrame.Kind.reset)
        #expect(answer.errorCode == HTTP2ErrorCode.flowControlError.rawValue)
    }

    @Test("an answer waits for the peer's window and goes on with its WINDOW_UPDATE, a byte at a time if need be")
    func tinyPeerWindow() throws {
        let server = try RawServer()
        try server.receive(.settings([(4, 1)]), .headers(1, RawServer.request))
        try server.peer.session.submitResponse(streamID: 1, fields: .response(), body: [1, 2, 3])
        func sent() throws -> [[UInt8]] {
            try server.frames().filter { $0.kind == RawFrame.Kind.data }.map(\.payload)
        }
        #expect(try sent() == [[1]])
        #expect(try sent() == [])
        try server.receive(.windowUpdate(1, 1))
        #expect(try sent() == [[2]])
        try server.receive(.windowUpdate(1, 100))
        #expect(try sent() == [[3]])
        #expect(server.peer.happenings.last == .closed(stream: 1, code: .noError))
    }

    @Test("bytes of a stream that is reset can still be given back to the connection")
    func consumingAfterReset() throws {
        var limits = HTTP2Limits()
        limits.connectionWindowBytes = 65_535
        let server = try RawServer(limits: limits)
        server.peer.consumes = false
        try server.receive(
            .headers(1, RawServer.request, isEnd: false),
            .data(1, patternedBody(16_384)), .data(1, patternedBody(16_384)), .reset(1))
        try server.peer.session.consumeStream(1, 32_768)
        try server.peer.session.consumeConnection(32_768)
        #expect(
            try server.frames().contains(
                RawFrame(kind: RawFrame.Kind.windowUpdate, payload: RawFrame.bigEndian(32_768))))
    }

    @Test("padding is given back by itself and never reaches the body")
    func padding() throws {
        var limits = HTTP2Limits()
        limits.streamWindowBytes = 1_000
        let server = try RawServer(limits: limits)
        try server.receive(.headers(1, RawServer.request, isEnd: false))
        let padded = RawFrame(
            kind: RawFrame.Kind.data, flags: RawFrame.Flag.padded, stream: 1,
            payload: [200] + [9, 9] + [UInt8](repeating: 0, count: 200))
        for _ in 0..<50 {
            try server.receive(padded)
            _ = try server.frames()
        }
        #expect(server.peer.bodies[1] == [UInt8](repeating: 9, count: 100))
    }
}
