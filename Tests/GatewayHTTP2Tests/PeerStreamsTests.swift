import Testing

@testable import GatewayHTTP2

@Suite("What a client may still send on a stream")
struct PeerStreamsTests {
    private static func note(_ frames: [RawFrame], streamsMax: Int = 100) -> HTTP2ErrorCode? {
        var streams = PeerStreams(streamsMax: streamsMax)
        var last: HTTP2ErrorCode?
        for frame in frames {
            #expect(last == nil, "only the last frame is wrong")
            last = streams.note(type: frame.kind, flags: frame.flags, streamID: Int32(frame.stream))
        }
        return last
    }

    private static func headers(_ stream: UInt32, isEnd: Bool) -> RawFrame {
        .headers(stream, block: [], isEnd: isEnd)
    }

    @Test("what is right is let through")
    func right() {
        #expect(Self.note([Self.headers(1, isEnd: true)]) == nil)
        #expect(Self.note([Self.headers(1, isEnd: false), .data(1), .data(1, isEnd: true)]) == nil)
        #expect(Self.note([Self.headers(1, isEnd: false), .data(1), Self.headers(1, isEnd: true)]) == nil, "trailers")
        #expect(Self.note([Self.headers(3, isEnd: false), Self.headers(7, isEnd: true), .data(3)]) == nil)
        #expect(Self.note([Self.headers(1, isEnd: true), .reset(1), .windowUpdate(1, 1)]) == nil)
    }

    @Test("after the end of a stream nothing comes on it")
    func ended() {
        #expect(Self.note([Self.headers(1, isEnd: true), .data(1)]) == .streamClosed)
        #expect(Self.note([Self.headers(1, isEnd: true), Self.headers(1, isEnd: true)]) == .streamClosed)
        #expect(Self.note([Self.headers(1, isEnd: false), .data(1, isEnd: true), .data(1)]) == .streamClosed)
        #expect(
            Self.note([Self.headers(1, isEnd: false), Self.headers(1, isEnd: true), .data(1)]) == .streamClosed)
        #expect(Self.note([Self.headers(1, isEnd: false), .reset(1), .data(1)]) == .streamClosed)
        #expect(Self.note([Self.headers(1, isEnd: false), .reset(1), Self.headers(1, isEnd: true)]) == .streamClosed)
    }

    @Test("a stream that was passed over is not opened any more")
    func passedOver() {
        #expect(Self.note([Self.headers(5, isEnd: true), Self.headers(3, isEnd: true)]) == .protocolError)
        #expect(Self.note([Self.headers(5, isEnd: true), .data(3)]) == .streamClosed)
        #expect(Self.note([Self.headers(5, isEnd: true), .reset(3)]) == nil, "harmless")
    }

    @Test("of streams that libnghttp2 judges itself nothing is said")
    func others() {
        #expect(Self.note([.data(1)]) == nil, "idle")
        #expect(Self.note([.data(0)]) == nil)
        #expect(Self.note([Self.headers(2, isEnd: true), Self.headers(2, isEnd: true)]) == nil)
        #expect(Self.note([Self.headers(1, isEnd: true), .continuation(1, block: [], isWhole: true)]) == nil)
    }

    @Test("streams of long ago are forgotten, those of late are not")
    func longAgo() {
        let many = (0..<1_000).map { Self.headers(UInt32(2 * $0 + 1), isEnd: true) }
        #expect(Self.note(many + [.data(1)]) == nil)
        #expect(Self.note(many + [Self.headers(1, isEnd: true)]) == nil)
        #expect(Self.note(many + [.data(1_999)]) == .streamClosed)
        #expect(Self.note(many + [Self.headers(1_801, isEnd: true)]) == .streamClosed)
        let sparse = [Self.headers(1, isEnd: true), Self.headers(100_001, isEnd: true)]
        #expect(Self.note(sparse + [Self.headers(99_001, isEnd: true)]) == .protocolError)
        #expect(Self.note([Self.headers(.max >> 1, isEnd: true), .data(.max >> 1)]) == .streamClosed)
    }

    @Test("all streams that may be open at once are remembered")
    func manyOpen() {
        let open = (0..<1_000).map { Self.headers(UInt32(2 * $0 + 1), isEnd: false) }
        #expect(Self.note(open + [.data(1, isEnd: true), .data(1)], streamsMax: 1_000) == .streamClosed)
        #expect(Self.note(open + [.data(1, isEnd: true), .data(1)], streamsMax: 100) == nil)
    }
}
