import Testing

@testable import GatewayHTTP2

@Suite("Header sections have limits")
struct FieldLimitTests {
    private static func request(fields count: Int, valueBytes: Int = 1) -> [UInt8] {
        HPACK.block(RawServer.request)
            + (0..<count).flatMap {
                HPACK.literal("x-\($0)", String(repeating: "v", count: valueBytes))
            }
    }

    /// A HEADERS frame with as many CONTINUATION frames as the block needs.
    private static func frames(_ block: [UInt8], stream: UInt32 = 1, isEnd: Bool = true) -> [UInt8] {
        var rest = block[...]
        var bytes: [UInt8] = []
        while true {
            let part = Array(rest.prefix(16_384))
            rest = rest.dropFirst(part.count)
            let frame: RawFrame =
                bytes.isEmpty
                ? .headers(stream, block: part, isEnd: isEnd, isWhole: rest.isEmpty)
                : .continuation(stream, block: part, isWhole: rest.isEmpty)
            bytes += frame.bytes
            if rest.isEmpty { return bytes }
        }
    }

    @Test("a section just within the limit of bytes is kept, one byte more is oversized")
    func bytesBoundary() throws {
        var limits = HTTP2Limits()
        limits.fieldSectionBytesMax = 1_000
        // RFC 9113 section 6.5.2: names, values, and 32 bytes for each field.
        let base = 42 + 44 + 54 + 38
        let filler = 1_000 - base - 32 - 1
        for (extra, isKept) in [(0, true), (1, false)] {
            let server = try RawServer(limits: limits)
            try server.receive(
                .headers(
                    1,
                    block: HPACK.block(RawServer.request)
                        + HPACK.literal("x", String(repeating: "v", count: filler + extra))))
            #expect(server.peer.happenings.first?.isMessage == isKept)
            if !isKept {
                #expect(server.peer.happenings == [.oversizedFields(stream: 1, isEnd: true)])
            }
        }
    }

    @Test(
        "a path that is too large alone is told as such, one that only has no room beside others is told by its length")
    func oversizedPath() throws {
        var limits = HTTP2Limits()
        limits.fieldSectionBytesMax = 1_000
        for length in [2_000, 900] {
            let server = try RawServer(limits: limits)
            let path = "/" + String(repeating: "p", count: length - 1)
            let block =
                HPACK.literal(":method", "GET") + HPACK.literal(":scheme", "https")
                + HPACK.literal(":authority", "localhost") + HPACK.literal(":path", path) + HPACK.literal("x", "y")
            try server.receive(.headers(1, block: block))
            #expect(server.peer.happenings == [.oversizedFields(stream: 1, isEnd: true, pathBytes: length)])
        }
    }

    @Test("a hundred fields are kept, a hundred and one are oversized, in whatever time they come")
    func fieldCount() throws {
        let kept = try RawServer()
        try kept.receive(.headers(1, block: Self.request(fields: 96)))
        #expect(kept.peer.happenings.first?.isMessage == true)
        let refused = try RawServer()
        try refused.receive(.headers(1, block: Self.request(fields: 97), isEnd: false))
        #expect(refused.peer.happenings == [.oversizedFields(stream: 1, isEnd: false)])
    }

    @Test("the stream of an oversized section can be answered, and the session goes on")
    func answeringOversized() throws {
        let server = try RawServer()
        try server.peer.receive(Self.frames(Self.request(fields: 50, valueBytes: 1_000)))
        #expect(server.peer.happenings == [.oversizedFields(stream: 1, isEnd: true)])
        try server.peer.session.submitResponse(streamID: 1, fields: .response(431), body: [])
        try server.receive(.headers(3, RawServer.request))
        #expect(server.peer.happenings(on: 3).first?.isMessage == true)
        #expect(try server.frames().contains { $0.kind == RawFrame.Kind.headers && $0.stream == 1 })
    }

    @Test("a section in CONTINUATION frames is read as one")
    func continuation() throws {
        var limits = HTTP2Limits()
        limits.fieldSectionBytesMax = 64 * 1024
        let server = try RawServer(limits: limits)
        let block = Self.request(fields: 40, valueBytes: 1_000)
        try server.peer.receive(Self.frames(block))
        guard case .message(1, let fields, true) = server.peer.happenings.first else {
            Issue.record("no message: \(server.peer.happenings)")
            return
        }
        #expect(fields.count == 44)
        #expect(fields.last == FieldText("x-39", String(repeating: "v", count: 1_000)))
    }

    @Test("CONTINUATION frames without an end are cut off, and hold no memory on the way (CVE-2024-28182)")
    func continuationFlood() throws {
        let server = try RawServer()
        var isCutOff = false
        try server.receive(.headers(1, block: HPACK.block(RawServer.request), isWhole: false))
        for number in 0..<10_000 where !isCutOff {
            do {
                try server.receive(
                    .continuation(1, block: HPACK.literal("x-\(number)", "v"), isWhole: false))
                isCutOff = !server.peer.session.isAlive
            } catch is HTTP2Error {
                isCutOff = true
            }
        }
        #expect(isCutOff)
        #expect(!server.peer.happenings.contains { $0.isMessage })
    }

    @Test("oversized trailers are trailers: they do not begin a request again")
    func oversizedRequestTrailers() throws {
        let server = try RawServer()
        let trailers = (0..<101).flatMap { HPACK.literal("x-\($0)", "v") }
        try server.receive(
            .headers(1, RawServer.request, isEnd: false), .data(1, [1]),
            .headers(1, block: trailers, isEnd: true))
        #expect(
            server.peer.happenings(on: 1).dropFirst() == [
                .data(stream: 1), .trailers(stream: 1), .end(stream: 1),
            ])
    }

    @Test("oversized trailers do not spoil an answer that is complete")
    func oversizedResponseTrailers() throws {
        let client = try RawClient()
        let stream = try client.request()
        let trailers = (0..<101).flatMap { HPACK.literal("x-\($0)", "v") }
        try client.receive(
            .headers(stream, [":status": "200"], isEnd: false), .data(stream, [1]),
            .headers(stream, block: trailers, isEnd: true))
        #expect(
            client.peer.happenings.dropFirst() == [
                .data(stream: 1), .trailers(stream: 1), .end(stream: 1),
                .closed(stream: 1, code: .noError),
            ])
    }

    @Test("an HPACK bomb is oversized and not kept: one byte on the wire for four thousand in memory")
    func bomb() throws {
        let storage = HTTP2SessionStorage()
        let peer = try SessionPeer(.server, storage: storage)
        try peer.receive(RawFrame.clientPreface + RawFrame.settings().bytes)
        _ = try peer.output()
        // An entry that fills the table of 4,096 bytes, then references to it: 0xBE is entry 62, the newest one.
        let entry = HPACK.literal("b", String(repeating: "b", count: 4_000), isIndexed: true)
        let block =
            HPACK.block(RawServer.request) + entry + [UInt8](repeating: 0xBE, count: 12_000)
        peer.forgetHappenings()
        try peer.receive(RawFrame.headers(1, block: block).bytes)
        #expect(!peer.happenings.contains { $0.isMessage })
        #expect(storage.fields.entryCount == 0)
    }

    @Test("bombs on many streams in one read are refused when the store is full, and the session lives")
    func manyBombs() throws {
        var limits = HTTP2Limits()
        limits.fieldSectionBytesMax = 64 * 1024
        let server = try RawServer(limits: limits)
        let entry = HPACK.literal("b", String(repeating: "b", count: 4_000), isIndexed: true)
        try server.receive(.headers(1, block: HPACK.block(RawServer.request) + entry))
        server.peer.forgetHappenings()
        // Fifteen references of 4 KB on each of 60 streams: 3.6 MB, more than one read may bring.
        let block = HPACK.block(RawServer.request) + [UInt8](repeating: 0xBE, count: 15)
        try server.peer.receive(
            (1...60).flatMap { RawFrame.headers(UInt32($0 * 2 + 1), block: block).bytes })
        let kept = server.peer.happenings.filter(\.isMessage).count
        #expect(kept > 0)
        #expect(kept < 30)
        #expect(server.peer.happenings.count == 60)
        try server.receive(.headers(201, RawServer.request))
        #expect(server.peer.happenings(on: 201).first?.isMessage == true)
    }

    @Test("a response's section has the client's limit")
    func responseSection() throws {
        var limits = HTTP2Limits()
        limits.fieldSectionBytesMax = 100
        let client = try RawClient(limits: limits)
        let stream = try client.request()
        try client.receive(
            .headers(stream, [":status": "200", "x": String(repeating: "v", count: 100)], isEnd: false))
        #expect(client.peer.happenings == [.oversizedFields(stream: 1, isEnd: false)])
    }
}
