import Testing

@testable import GatewayHTTP2

@Suite("Requests and responses between two sessions")
struct RequestAndResponseTests {
    @Test("a request without a body arrives with its fields in their order and ends at once")
    func requestWithoutBody() throws {
        let pair = try SessionPair.settled()
        let stream = try pair.client.session.submitRequest(
            fields: .request("GET", path: "/v1/targets", ["accept": "application/json"]), body: [])
        try pair.talk()
        #expect(stream == 1)
        #expect(
            pair.server.happenings == [
                .message(
                    stream: 1,
                    fields: [
                        FieldText(":method", "GET"), FieldText(":scheme", "https"),
                        FieldText(":authority", "gateway.test"), FieldText(":path", "/v1/targets"),
                        FieldText("accept", "application/json"),
                    ], isEnd: true)
            ])
    }

    @Test("a response without a body ends the stream on both sides, without an error")
    func responseWithoutBody() throws {
        let pair = try SessionPair.settled()
        _ = try pair.client.session.submitRequest(fields: .request("GET"), body: [])
        try pair.talk()
        try pair.server.session.submitResponse(streamID: 1, fields: .response(204), body: [])
        try pair.talk()
        #expect(
            pair.client.happenings == [
                .message(stream: 1, fields: [FieldText(":status", "204")], isEnd: true),
                .closed(stream: 1, code: .noError),
            ])
        #expect(pair.server.happenings.last == .closed(stream: 1, code: .noError))
    }

    @Test(
        "bodies arrive whole whatever their size: below a frame, beyond a frame, beyond every window",
        arguments: [1, 16_384, 16_385, 65_535, 65_536, 3_000_000])
    func bodies(size: Int) throws {
        let pair = try SessionPair.settled()
        let request = patternedBody(size)
        let response = Array(request.reversed())
        _ = try pair.client.session.submitRequest(fields: .request(), body: request)
        try pair.talk()
        #expect(pair.server.bodies[1] == request)
        #expect(pair.server.happenings(on: 1).dropFirst() == [.data(stream: 1), .end(stream: 1)])
        try pair.server.session.submitResponse(streamID: 1, fields: .response(), body: response)
        try pair.talk()
        #expect(pair.client.bodies[1] == response)
        #expect(
            pair.client.happenings(on: 1).dropFirst() == [
                .data(stream: 1), .end(stream: 1), .closed(stream: 1, code: .noError),
            ])
    }

    @Test("frames cut at every byte are read as if they had come whole", arguments: [1, 2, 7, 9, 1000])
    func chunks(size: Int) throws {
        let pair = try SessionPair.settled()
        let body = patternedBody(20_000)
        _ = try pair.client.session.submitRequest(fields: .request(), body: body)
        try pair.talk(chunk: size)
        #expect(pair.server.bodies[1] == body)
        #expect(pair.server.happenings.last == .end(stream: 1))
    }

    @Test("a hundred streams at once each get their own answer")
    func manyStreams() throws {
        let pair = try SessionPair.settled()
        for number in 0..<100 {
            _ = try pair.client.session.submitRequest(
                fields: .request(), body: patternedBody(number * 700 + 1))
        }
        try pair.talk()
        for number in 0..<100 {
            let stream = Int32(number * 2 + 1)
            #expect(pair.server.bodies[stream] == patternedBody(number * 700 + 1))
            try pair.server.session.submitResponse(
                streamID: stream, fields: .response(), body: patternedBody(number * 300 + 1))
        }
        try pair.talk()
        for number in 0..<100 {
            let stream = Int32(number * 2 + 1)
            #expect(pair.client.bodies[stream] == patternedBody(number * 300 + 1))
            #expect(pair.client.happenings(on: stream).last == .closed(stream: stream, code: .noError))
        }
    }

    @Test("an interim response comes before the final one and is told apart from it")
    func interimResponse() throws {
        let pair = try SessionPair.settled()
        _ = try pair.client.session.submitRequest(fields: .request(), body: patternedBody(10))
        try pair.talk()
        try pair.server.session.submitInterimResponse(streamID: 1, fields: .response(100))
        try pair.server.session.submitInterimResponse(
            streamID: 1, fields: .response(103, ["link": "</a>"]))
        try pair.server.session.submitResponse(streamID: 1, fields: .response(200), body: [7])
        try pair.talk()
        #expect(
            pair.client.happenings == [
                .interim(stream: 1, fields: [FieldText(":status", "100")]),
                .interim(
                    stream: 1, fields: [FieldText(":status", "103"), FieldText("link", "</a>")]),
                .message(stream: 1, fields: [FieldText(":status", "200")], isEnd: false),
                .data(stream: 1), .end(stream: 1), .closed(stream: 1, code: .noError),
            ])
    }

    @Test("a request's trailers are told and dropped, and end the request")
    func requestTrailers() throws {
        let server = try RawServer()
        try server.receive(
            .headers(1, RawServer.request, isEnd: false), .data(1, [1, 2, 3]),
            .headers(1, ["x-checksum": "abc"], isEnd: true))
        #expect(
            server.peer.happenings(on: 1).dropFirst() == [
                .data(stream: 1), .trailers(stream: 1), .end(stream: 1),
            ])
    }

    @Test("a response's trailers are told and dropped, and end the response")
    func responseTrailers() throws {
        let client = try RawClient()
        let stream = try client.request()
        try client.receive(
            .headers(stream, [":status": "200"], isEnd: false), .data(stream, [1]),
            .headers(stream, ["grpc-status": "0"], isEnd: true))
        #expect(
            client.peer.happenings(on: Int32(stream)).dropFirst() == [
                .data(stream: 1), .trailers(stream: 1), .end(stream: 1),
                .closed(stream: 1, code: .noError),
            ])
    }

    @Test("an answer to a stream that is gone is refused with streamClosed")
    func answerToClosedStream() throws {
        let server = try RawServer()
        try server.receive(.headers(1, RawServer.request), .reset(1))
        #expect(server.peer.happenings.last == .closed(stream: 1, code: .cancel))
        #expect(throws: HTTP2Error.streamClosed) {
            try server.peer.session.submitResponse(streamID: 1, fields: .response(), body: [1])
        }
    }

    @Test("output never exceeds the maximum by more than a frame, and goes on where it stopped")
    func boundedOutput() throws {
        let pair = try SessionPair.settled()
        let body = patternedBody(60_000)
        _ = try pair.client.session.submitRequest(fields: .request(), body: body)
        var step = try pair.client.outputOnce(maximum: 100)
        while step.hasMore {
            #expect(step.bytes.count <= 100 + 9 + 16_384)
            try pair.server.receive(step.bytes)
            step = try pair.client.outputOnce(maximum: 100)
        }
        try pair.server.receive(step.bytes)
        #expect(pair.server.bodies[1] == body)
    }

    @Test("whether our side of a stream has ended is known only once its last frame is written")
    func sentEnd() throws {
        let server = try RawServer()
        try server.receive(.headers(1, RawServer.request, isEnd: false))
        try server.peer.session.submitResponse(streamID: 1, fields: .response(), body: [1])
        #expect(!server.peer.session.hasSentEnd(streamID: 1))
        _ = try server.frames()
        #expect(server.peer.session.hasSentEnd(streamID: 1))
    }

    @Test("once a stream is over on both sides our side of it has ended, in the very event that says so")
    func sentEndOfClosedStream() throws {
        let client = try RawClient()
        var hasSentEnd: [Bool] = []
        client.peer.whileDelivering = { event, session in
            switch event {
            case .message(let stream, _, true), .end(let stream):
                hasSentEnd.append(session.hasSentEnd(streamID: stream))
            default: break
            }
        }
        for _ in 0..<2 { _ = try client.request(body: [1]) }
        try client.receive(
            .headers(1, [":status": "204"]),
            .headers(3, [":status": "200"], isEnd: false), .data(3, [1], isEnd: true))
        #expect(hasSentEnd == [true, true])
    }

    @Test("an answer that is complete before our request is leaves our side open")
    func answerBeforeRequest() throws {
        let client = try RawClient()
        let stream = try client.request(body: patternedBody(100_000))
        try client.receive(.headers(stream, [":status": "413"]))
        #expect(!client.peer.session.hasSentEnd(streamID: Int32(stream)))
    }
}
