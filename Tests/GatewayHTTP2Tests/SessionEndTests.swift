import Testing

@testable import GatewayHTTP2

@Suite("Resets, GOAWAY, PING and SETTINGS")
struct SessionEndTests {
    @Test("a reset by the client closes the stream on both sides with its code, and only that stream")
    func resetByClient() throws {
        let pair = try SessionPair.settled()
        _ = try pair.client.session.submitRequest(fields: .request(), body: patternedBody(10))
        _ = try pair.client.session.submitRequest(fields: .request(), body: patternedBody(10))
        try pair.talk()
        try pair.client.session.submitReset(streamID: 1, code: .cancel)
        try pair.talk()
        #expect(pair.client.happenings(on: 1).last == .closed(stream: 1, code: .cancel))
        #expect(pair.server.happenings(on: 1).last == .closed(stream: 1, code: .cancel))
        try pair.server.session.submitResponse(streamID: 3, fields: .response(), body: [1])
        try pair.talk()
        #expect(pair.client.bodies[3] == [1])
    }

    @Test("a reset by the server reaches the client with its code")
    func resetByServer() throws {
        let pair = try SessionPair.settled()
        _ = try pair.client.session.submitRequest(fields: .request(), body: [])
        try pair.talk()
        try pair.server.session.submitReset(streamID: 1, code: .refusedStream)
        try pair.talk()
        #expect(pair.client.happenings == [.closed(stream: 1, code: .refusedStream)])
    }

    @Test("a reset in the middle of an answer stops it, and the bytes that wait are dropped")
    func resetWhileAnswering() throws {
        let pair = try SessionPair.settled()
        pair.client.consumes = false
        _ = try pair.client.session.submitRequest(fields: .request(), body: [])
        try pair.talk()
        try pair.server.session.submitResponse(
            streamID: 1, fields: .response(), body: patternedBody(500_000))
        try pair.talk()
        try pair.client.session.submitReset(streamID: 1, code: .cancel)
        _ = try pair.client.session.submitRequest(fields: .request(), body: [])
        try pair.talk()
        // The next answer takes the place that the first one's bytes had.
        try pair.server.session.submitResponse(streamID: 3, fields: .response(), body: [1, 2, 3])
        try pair.talk()
        #expect(pair.client.bodies[3] == [1, 2, 3])
    }

    @Test("a reset that comes while a DATA frame waits for room does not send another stream's bytes")
    func resetBetweenOutputs() throws {
        let server = try RawServer()
        try server.receive(.headers(1, RawServer.request), .headers(3, RawServer.request))
        try server.peer.session.submitResponse(
            streamID: 1, fields: .response(), body: [UInt8](repeating: 1, count: 40_000))
        // The field section first, then a step that stops within the body.
        _ = try server.peer.outputOnce(maximum: 1)
        let first = RawFrame.read(try server.peer.outputOnce(maximum: 1).bytes)
        #expect(first.map(\.kind) == [RawFrame.Kind.data])
        try server.receive(.reset(1))
        try server.peer.session.submitResponse(
            streamID: 3, fields: .response(), body: [UInt8](repeating: 3, count: 40_000))
        let data = try server.frames().filter { $0.kind == RawFrame.Kind.data }
        #expect(data.allSatisfy { $0.stream == 3 && $0.payload.allSatisfy { $0 == 3 } })
        #expect(data.reduce(0) { $0 + $1.payload.count } == 40_000)
    }

    @Test("after a shutdown notice streams on their way are served; after the GOAWAY the session ends")
    func gracefulEnd() throws {
        let pair = try SessionPair.settled()
        _ = try pair.client.session.submitRequest(fields: .request(), body: [])
        try pair.talk()
        try pair.server.session.submitShutdownNotice()
        try pair.talk()
        #expect(pair.client.happenings == [.goAway(last: .max, code: .noError)])
        #expect(!pair.client.session.canSubmitRequest)
        #expect(pair.server.session.isAlive)
        try pair.server.session.submitGoAway(code: .noError)
        try pair.talk()
        #expect(pair.client.happenings.last == .goAway(last: 1, code: .noError))
        try pair.server.session.submitResponse(streamID: 1, fields: .response(), body: [5])
        try pair.talk()
        #expect(pair.client.bodies[1] == [5])
        #expect(!pair.client.session.isAlive)
        #expect(!pair.server.session.isAlive)
    }

    @Test("a GOAWAY closes the streams beyond its last one as refused, and the others stay")
    func goAwayBeyondLast() throws {
        let client = try RawClient()
        for _ in 0..<3 { _ = try client.request() }
        try client.receive(.goAway(last: 3))
        #expect(
            client.peer.happenings == [
                .goAway(last: 3, code: .noError), .closed(stream: 5, code: .refusedStream),
            ])
        try client.receive(.headers(1, [":status": "200"]), .headers(3, [":status": "200"]))
        #expect(client.peer.happenings(on: 3).last == .closed(stream: 3, code: .noError))
        #expect(!client.peer.session.isAlive)
    }

    @Test("a request that was not written yet when the GOAWAY came is told as not sent")
    func goAwayBeforeSending() throws {
        let client = try RawClient()
        let stream = try client.peer.session.submitRequest(fields: .request(), body: [1, 2, 3])
        try client.receive(.goAway(last: 0))
        let frames = try client.frames()
        #expect(!frames.contains { $0.kind == RawFrame.Kind.headers })
        #expect(client.peer.happenings.contains(.requestNotSent(stream: stream)))
    }

    @Test("requests beyond the peer's limit of streams wait and are sent when one ends")
    func concurrentStreams() throws {
        let client = try RawClient()
        try client.receive(.settings([(3, 1)]))
        #expect(client.peer.session.remoteStreamsConcurrentMax == 1)
        _ = try client.peer.session.submitRequest(fields: .request(), body: [])
        _ = try client.peer.session.submitRequest(fields: .request(), body: [])
        #expect(try client.frames().filter { $0.kind == RawFrame.Kind.headers }.map(\.stream) == [1])
        try client.receive(.headers(1, [":status": "204"]))
        #expect(try client.frames().filter { $0.kind == RawFrame.Kind.headers }.map(\.stream) == [3])
    }

    @Test("our own limit of streams is stated, and a request beyond it is refused unprocessed")
    func ownConcurrentStreams() throws {
        var limits = HTTP2Limits()
        limits.streamsConcurrentMax = 2
        let peer = try SessionPeer(.server, limits: limits)
        let settings = try #require(RawFrame.read(try peer.output()).first)
        #expect(settings.payload.firstRange(of: [0, 3, 0, 0, 0, 2]) != nil)
        // Not acknowledged yet: the client may not know.
        try peer.receive(RawFrame.clientPreface + RawFrame.settings().bytes)
        for stream: UInt32 in [1, 3, 5] {
            try peer.receive(RawFrame.headers(stream, RawServer.request).bytes)
        }
        #expect(!peer.happenings(on: 5).contains { $0.isMessage })
        let reset = try #require(
            RawFrame.read(try peer.output()).first { $0.kind == RawFrame.Kind.reset })
        #expect(reset.stream == 5)
        #expect(reset.errorCode == HTTP2ErrorCode.refusedStream.rawValue)
    }

    @Test("a PING is answered, and the answer to ours is told")
    func ping() throws {
        let pair = try SessionPair.settled()
        try pair.client.session.submitPing()
        try pair.talk()
        #expect(pair.client.happenings == [.pingAcknowledged])
        #expect(pair.server.happenings == [])
    }

    @Test("the peer's settings are told and acknowledged, ours are stated first")
    func settings() throws {
        let peer = try SessionPeer(.server)
        let first = try #require(RawFrame.read(try peer.output()).first)
        #expect(first.kind == RawFrame.Kind.settings)
        #expect(first.payload.firstRange(of: [0, 9, 0, 0, 0, 1]) != nil, "RFC 9218: no priorities")
        try peer.receive(RawFrame.clientPreface + RawFrame.settings([(4, 100)]).bytes)
        #expect(peer.happenings == [.settings])
        #expect(RawFrame.read(try peer.output()) == [.settings(isAcknowledgement: true)])
    }

    @Test("a client forbids pushes, and a pushed stream brings no request to anybody")
    func push() throws {
        let peer = try SessionPeer(.client)
        let preface = try peer.output()
        let settings = try #require(RawFrame.read(Array(preface.dropFirst(24))).first)
        #expect(settings.payload.firstRange(of: [0, 2, 0, 0, 0, 0]) != nil)
        _ = try peer.session.submitRequest(fields: .request(), body: [])
        _ = try peer.output()
        try peer.receive(
            RawFrame.settings().bytes + RawFrame.settings(isAcknowledgement: true).bytes
                + RawFrame(
                    kind: RawFrame.Kind.pushPromise, flags: RawFrame.Flag.endHeaders, stream: 1,
                    payload: RawFrame.bigEndian(2) + HPACK.block(RawServer.request)
                ).bytes)
        let goAway = try #require(RawFrame.read(try peer.output()).last)
        #expect(goAway.kind == RawFrame.Kind.goAway)
        #expect(!peer.happenings.contains { $0.isMessage })
        #expect(!peer.session.isAlive)
    }
}
