import NIOCore
import Testing

@testable import GatewayHTTP2

@Suite("Acting while an event is delivered")
struct ReentrancyTests {
    @Test("a response can be submitted from within the request's event, its end's, and its body's")
    func submitResponse() throws {
        let pair = try SessionPair.settled()
        pair.server.whileDelivering = { event, session in
            switch event {
            case .message(let stream, _, true), .end(let stream):
                try? session.submitResponse(
                    streamID: stream, fields: .response(), body: patternedBody(100_000))
            default: break
            }
        }
        _ = try pair.client.session.submitRequest(fields: .request(), body: [])
        _ = try pair.client.session.submitRequest(fields: .request(), body: patternedBody(70_000))
        try pair.talk()
        #expect(pair.client.bodies[1] == patternedBody(100_000))
        #expect(pair.client.bodies[3] == patternedBody(100_000))
    }

    @Test("a request can be submitted from within a response's event")
    func submitRequest() throws {
        let pair = try SessionPair.settled()
        var left = 50
        pair.client.whileDelivering = { event, session in
            guard case .streamClosed = event, left > 0 else { return }
            left -= 1
            _ = try? session.submitRequest(fields: .request(), body: [1])
        }
        pair.server.whileDelivering = { event, session in
            guard case .end(let stream) = event else { return }
            try? session.submitResponse(streamID: stream, fields: .response(), body: [2])
        }
        _ = try pair.client.session.submitRequest(fields: .request(), body: [1])
        try pair.talk()
        #expect(left == 0)
        #expect(pair.client.bodies.count == 51)
    }

    @Test("a reset from within an event takes effect, and the rest of the read is delivered all the same")
    func reset() throws {
        let server = try RawServer()
        server.peer.whileDelivering = { event, session in
            guard case .message(let stream, _, _) = event, stream == 1 else { return }
            try? session.submitReset(streamID: stream, code: .refusedStream)
        }
        try server.receive(
            .headers(1, RawServer.request, isEnd: false), .data(1, [1, 2, 3]),
            .headers(3, RawServer.request))
        #expect(server.peer.happenings(on: 3).first?.isMessage == true)
        let frames = try server.frames()
        #expect(frames.contains { $0.kind == RawFrame.Kind.reset && $0.stream == 1 })
        #expect(server.peer.happenings(on: 1).last == .closed(stream: 1, code: .refusedStream))
    }

    @Test("writing from within an event sends what is there, and no event is delivered twice or lost")
    func write() throws {
        let server = try RawServer()
        var written: [UInt8] = []
        server.peer.whileDelivering = { event, session in
            if case .message(let stream, _, _) = event {
                try? session.submitResponse(streamID: stream, fields: .response(), body: [9])
            }
            var buffer = ByteBuffer()
            _ = try? session.writeOutput(into: &buffer, maximum: 65_536)
            written.append(contentsOf: buffer.readableBytesView)
            session.deliverPending { _ in Issue.record("delivered out of turn") }
        }
        try server.receive(.headers(1, RawServer.request), .headers(3, RawServer.request))
        #expect(RawFrame.read(written).filter { $0.kind == RawFrame.Kind.data }.count == 2)
        for stream: Int32 in [1, 3] {
            #expect(server.peer.happenings(on: stream).count == 2)
            #expect(server.peer.happenings(on: stream).last == .closed(stream: stream, code: .noError))
        }
    }

    @Test("one session's fields stay readable while another one of the same loop writes and delivers")
    func sharedStore() throws {
        let storage = HTTP2SessionStorage()
        let first = try SessionPeer(.server, storage: storage)
        let second = try SessionPeer(.server, storage: storage)
        for peer in [first, second] {
            try peer.receive(RawFrame.clientPreface + RawFrame.settings().bytes)
            _ = try peer.output()
            peer.forgetHappenings()
        }
        try second.receive(RawFrame.headers(1, RawServer.request).bytes)
        first.whileDelivering = { _, _ in
            try? second.session.submitResponse(streamID: 1, fields: .response(), body: [])
            _ = try? second.output()
        }
        let requests = [1, 3, 5].map { (stream: UInt32) in RawFrame.headers(stream, RawServer.request).bytes }
        try first.receive(Array(requests.joined()))
        let messages = first.happenings.filter(\.isMessage)
        #expect(messages.count == 3)
        for case .message(_, let fields, _) in messages {
            #expect(fields.map(\.name) == [":method", ":scheme", ":authority", ":path"])
        }
    }

    @Test("a section that is spread over reads survives what another session of the same loop reads in between")
    func sectionBetweenReads() throws {
        let storage = HTTP2SessionStorage()
        let first = try SessionPeer(.server, storage: storage)
        let second = try SessionPeer(.server, storage: storage)
        for peer in [first, second] {
            try peer.receive(RawFrame.clientPreface + RawFrame.settings().bytes)
            peer.forgetHappenings()
        }
        let request = RawFrame.headers(1, RawServer.request).bytes
        for byte in request {
            try first.receive([byte])
            try second.receive(RawFrame.ping().bytes)
        }
        try second.receive(request)
        #expect(first.happenings == second.happenings)
        #expect(first.happenings.first?.isMessage == true)
    }
}
