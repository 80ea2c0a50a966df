import NIOCore
import Testing

@testable import GatewayHTTP2

@Suite("Sessions end with their last owner")
struct LiveCountTests {
    @Test("a session that is dropped in the middle of everything is freed")
    func dropped() throws {
        weak var server: HTTP2Session?
        weak var client: HTTP2Session?
        do {
            let pair = try SessionPair.settled()
            pair.client.consumes = false
            _ = try pair.client.session.submitRequest(fields: .request(), body: patternedBody(200_000))
            try pair.talk()
            try pair.server.session.submitResponse(
                streamID: 1, fields: .response(), body: patternedBody(200_000))
            try pair.talk()
            server = pair.server.session
            client = pair.client.session
            #expect(server != nil)
        }
        #expect(server == nil)
        #expect(client == nil)
    }

    // A process of its own: other tests have sessions alive at the same time.
    @Test("the live count rises with each session and falls back to zero, however they ended")
    func liveCount() async {
        await #expect(processExitsWith: .success) {
            do {
                for round in 0..<200 {
                    let server = try RawServer()
                    #expect(HTTP2Session.liveCount == 1)
                    switch round % 4 {
                    case 0: try server.receive(.headers(1, RawServer.request), .reset(1))
                    case 1: try server.receive(.headers(1, RawServer.request, isEnd: false), .data(1, [1]))
                    case 2: try server.receive(.data(0, [1]))
                    default: try? server.peer.receive(Array("GET / HTTP/1.1\r\n\r\n".utf8))
                    }
                    _ = try? server.frames()
                }
            }
            #expect(HTTP2Session.liveCount == 0)
        }
    }
}
