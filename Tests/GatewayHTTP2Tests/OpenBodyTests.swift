import Testing

@testable import GatewayHTTP2

@Suite("A body that is sent piece by piece")
struct OpenBodyTests {
    /// A server with one request, which is not at its end, and an open answer to it.
    private static func pair() throws -> SessionPair {
        let pair = try SessionPair.settled()
        _ = try pair.client.session.submitOpenRequest(fields: .request())
        try pair.talk()
        try pair.server.session.submitOpenResponse(streamID: 1, fields: .response())
        try pair.talk()
        return pair
    }

    @Test("the fields go first, each piece follows when it is there, and the end comes last")
    func pieces() throws {
        let pair = try Self.pair()
        #expect(pair.client.happenings(on: 1).count { $0.isMessage } == 1)
        #expect(pair.client.bodies[1] == nil)
        for piece in ["one\n", "two\n"] {
            #expect(pair.server.session.extendBody(of: 1, by: Array(piece.utf8)))
            try pair.talk()
        }
        #expect(pair.client.bodies[1] == Array("one\ntwo\n".utf8))
        #expect(!pair.client.happenings(on: 1).contains(.end(stream: 1)))
        #expect(pair.server.session.extendBody(of: 1, by: [], isEnd: true))
        try pair.talk()
        #expect(pair.client.happenings(on: 1).contains(.end(stream: 1)))
        #expect(!pair.server.session.extendBody(of: 1, by: [1]), "nothing follows the end")
    }

    @Test("both ways at once: the answer comes while the request is still being sent")
    func bothWays() throws {
        let pair = try Self.pair()
        #expect(pair.client.session.extendBody(of: 1, by: Array("question".utf8)))
        try pair.talk()
        #expect(pair.server.bodies[1] == Array("question".utf8))
        #expect(pair.server.session.extendBody(of: 1, by: Array("answer".utf8)))
        try pair.talk()
        #expect(pair.client.bodies[1] == Array("answer".utf8))
        #expect(pair.client.session.extendBody(of: 1, by: [], isEnd: true))
        #expect(pair.server.session.extendBody(of: 1, by: [], isEnd: true))
        try pair.talk()
        #expect(pair.client.happenings(on: 1).last == .closed(stream: 1, code: .noError))
    }

    @Test("what the peer's window does not let out is told as unsent, and goes when the window opens")
    func windows() throws {
        let pair = try Self.pair()
        pair.client.consumes = false
        let window = 65_535
        let body = patternedBody(2 * window)
        #expect(pair.server.session.extendBody(of: 1, by: Array(body.prefix(window + 10))))
        try pair.talk()
        #expect(pair.server.session.unsentBytes(of: 1) == 10)
        #expect(pair.server.session.extendBody(of: 1, by: Array(body.dropFirst(window + 10)), isEnd: true))
        try pair.talk()
        #expect(pair.server.session.unsentBytes(of: 1) == window)
        try pair.client.session.consumeStream(1, window)
        try pair.client.session.consumeConnection(window)
        try pair.talk()
        #expect(pair.server.session.unsentBytes(of: 1) == 0)
        #expect(pair.client.bodies[1] == body)
        #expect(pair.client.happenings(on: 1).contains(.end(stream: 1)))
    }

    @Test("a stream that waits for its body keeps no other back, and its reset ends it")
    func neighbours() throws {
        let pair = try Self.pair()
        _ = try pair.client.session.submitRequest(fields: .request(), body: [])
        try pair.talk()
        try pair.server.session.submitResponse(streamID: 3, fields: .response(), body: [1, 2, 3])
        try pair.talk()
        #expect(pair.client.bodies[3] == [1, 2, 3])
        try pair.client.session.submitReset(streamID: 1, code: .cancel)
        try pair.talk()
        #expect(!pair.server.session.extendBody(of: 1, by: [1]))
        #expect(pair.server.session.unsentBytes(of: 1) == 0)
    }

    @Test("a body that is whole cannot be extended, and no stream has two bodies")
    func mistakes() throws {
        let pair = try Self.pair()
        #expect(throws: HTTP2Error.self) {
            try pair.server.session.submitOpenResponse(streamID: 1, fields: .response())
        }
        _ = try pair.client.session.submitRequest(fields: .request(), body: [])
        try pair.talk()
        pair.client.consumes = false
        try pair.server.session.submitResponse(streamID: 3, fields: .response(), body: patternedBody(100_000))
        try pair.talk()
        #expect(!pair.server.session.extendBody(of: 3, by: [1]))
        #expect(!pair.server.session.extendBody(of: 99, by: [1]))
    }
}
