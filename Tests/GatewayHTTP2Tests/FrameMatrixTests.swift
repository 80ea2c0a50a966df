import Testing

@testable import GatewayHTTP2

/// Every type of frame in every state of a stream, for both roles: a table that a person can check against RFC 9113
/// sections 5.1 and 6.
@Suite("Every frame in every state")
struct FrameMatrixTests {
    /// The columns: how the stream that the frame is on has come to be what it is.
    enum State: String, CaseIterable, Sendable {
        /// Stream 0: the connection itself.
        case connection
        case idle
        /// A request under way, our side open as well.
        case open
        /// The request is whole, the answer is not.
        case halfClosed
        /// Both sides have ended.
        case closed
        case resetByPeer
        case resetByUs
    }

    // ok: taken or ignored. 1, 5: the connection ends with PROTOCOL_ERROR, STREAM_CLOSED.
    private static let server = """
        frame         | connection | idle | open | halfClosed | closed | resetByPeer | resetByUs
        DATA          | 1          | 1    | ok   | 5          | 5      | 5           | ok
        HEADERS       | 1          | ok   | ok   | 5          | 5      | 5           | ok
        PRIORITY      | 1          | ok   | ok   | ok         | ok     | ok          | ok
        RST_STREAM    | 1          | 1    | ok   | ok         | ok     | ok          | ok
        SETTINGS      | ok         | 1    | 1    | 1          | 1      | 1           | 1
        PUSH_PROMISE  | 1          | 1    | 1    | 1          | 1      | 1           | 1
        PING          | ok         | 1    | 1    | 1          | 1      | 1           | 1
        GOAWAY        | ok         | 1    | 1    | 1          | 1      | 1           | 1
        WINDOW_UPDATE | ok         | 1    | ok   | ok         | ok     | ok          | ok
        CONTINUATION  | 1          | 1    | 1    | 1          | 1      | 1           | 1
        unknown       | ok         | ok   | ok   | ok         | ok     | ok          | ok
        """

    // A vendor's late frames on streams that are over are ignored: they are its fault, and others share the connection.
    private static let client = """
        frame         | connection | idle | open | halfClosed | closed | resetByPeer | resetByUs
        DATA          | 1          | 1    | ok   | ok         | ok     | ok          | ok
        HEADERS       | 1          | 1    | ok   | ok         | ok     | ok          | ok
        PRIORITY      | 1          | ok   | ok   | ok         | ok     | ok          | ok
        RST_STREAM    | 1          | 1    | ok   | ok         | ok     | ok          | ok
        SETTINGS      | ok         | 1    | 1    | 1          | 1      | 1           | 1
        PUSH_PROMISE  | 1          | 1    | 1    | 1          | 1      | 1           | 1
        PING          | ok         | 1    | 1    | 1          | 1      | 1           | 1
        GOAWAY        | ok         | 1    | 1    | 1          | 1      | 1           | 1
        WINDOW_UPDATE | ok         | 1    | ok   | ok         | ok     | ok          | ok
        CONTINUATION  | 1          | 1    | 1    | 1          | 1      | 1           | 1
        unknown       | ok         | ok   | ok   | ok         | ok     | ok          | ok
        """

    struct Cell: Sendable, CustomTestStringConvertible {
        let frame: String
        let state: State
        let expected: String

        var testDescription: String { "\(self.frame) on \(self.state.rawValue)" }
    }

    private static func cells(_ table: String) -> [Cell] {
        let rows = table.split(separator: "\n").map { line in
            line.split(separator: "|").map { $0.split(separator: " ").joined() }
        }
        return rows.dropFirst().flatMap { row in
            zip(State.allCases, row.dropFirst()).map { Cell(frame: row[0], state: $0, expected: $1) }
        }
    }

    /// A frame as it should be, on `stream`.
    private static func frame(_ name: String, on stream: UInt32, fields: KeyValuePairs<String, String>) -> RawFrame {
        switch name {
        case "DATA": .data(stream, [1], isEnd: true)
        case "HEADERS": .headers(stream, fields)
        case "PRIORITY": RawFrame(kind: RawFrame.Kind.priority, stream: stream, payload: [0, 0, 0, 0, 16])
        case "RST_STREAM": .reset(stream)
        case "SETTINGS": RawFrame(kind: RawFrame.Kind.settings, stream: stream)
        case "PUSH_PROMISE":
            RawFrame(
                kind: RawFrame.Kind.pushPromise, flags: RawFrame.Flag.endHeaders, stream: stream,
                payload: [0, 0, 0, 2] + HPACK.block(RawServer.request))
        case "PING": RawFrame(kind: RawFrame.Kind.ping, stream: stream, payload: [UInt8](repeating: 7, count: 8))
        case "GOAWAY": RawFrame(kind: RawFrame.Kind.goAway, stream: stream, payload: [UInt8](repeating: 0, count: 8))
        case "WINDOW_UPDATE": .windowUpdate(stream, 1)
        case "CONTINUATION": .continuation(stream, block: HPACK.block(["x": "y"]), isWhole: true)
        default: RawFrame(kind: 0x42, stream: stream, payload: [1, 2, 3])
        }
    }

    /// What has come of it: "ok", or the code with which the connection ends.
    private static func outcome(_ frames: [RawFrame], _ peer: SessionPeer) -> String {
        guard let end = frames.first(where: { $0.kind == RawFrame.Kind.goAway }), let code = end.errorCode else {
            return frames.contains { $0.kind == RawFrame.Kind.reset } ? "reset" : "ok"
        }
        #expect(!peer.session.isAlive)
        return "\(code)"
    }

    @Test("a caller's frames", arguments: cells(server))
    func callers(cell: Cell) throws {
        let server = try RawServer()
        let stream: UInt32
        switch cell.state {
        case .connection: stream = 0
        case .idle: stream = 5
        default: stream = 1
        }
        switch cell.state {
        case .connection, .idle: break
        case .open: try server.receive(.headers(1, RawServer.request, isEnd: false))
        case .halfClosed: try server.receive(.headers(1, RawServer.request))
        case .closed:
            try server.receive(.headers(1, RawServer.request))
            try server.peer.session.submitResponse(streamID: 1, fields: .response(), body: [1])
        case .resetByPeer: try server.receive(.headers(1, RawServer.request, isEnd: false), .reset(1))
        case .resetByUs:
            try server.receive(.headers(1, RawServer.request, isEnd: false))
            try server.peer.session.submitReset(streamID: 1, code: .cancel)
        }
        _ = try server.frames()
        let fields: KeyValuePairs<String, String> = cell.state == .idle ? RawServer.request : ["x": "1"]
        try server.receive(Self.frame(cell.frame, on: stream, fields: fields))
        #expect(Self.outcome(try server.frames(), server.peer) == cell.expected)
    }

    @Test("a vendor's frames", arguments: cells(client))
    func vendors(cell: Cell) throws {
        let client = try RawClient()
        let stream: UInt32
        switch cell.state {
        case .connection: stream = 0
        case .idle: stream = 5
        default: stream = 1
        }
        switch cell.state {
        case .connection, .idle: break
        case .open:
            // More than its window takes: our side stays open.
            _ = try client.request(body: patternedBody(100_000))
        case .halfClosed: _ = try client.request()
        case .closed:
            _ = try client.request()
            try client.receive(.headers(1, [":status": "200"]))
        case .resetByPeer:
            _ = try client.request()
            try client.receive(.reset(1))
        case .resetByUs:
            _ = try client.request()
            try client.peer.session.submitReset(streamID: 1, code: .cancel)
        }
        _ = try client.frames()
        if cell.frame == "DATA", cell.state == .open || cell.state == .halfClosed {
            try client.receive(.headers(1, [":status": "200"], isEnd: false))
        }
        try client.receive(Self.frame(cell.frame, on: stream, fields: [":status": "200"]))
        #expect(Self.outcome(try client.frames(), client.peer) == cell.expected)
    }

    @Test(
        "flags that nobody has defined mean nothing",
        arguments: [
            ("DATA", 0xF6), ("HEADERS", 0xD2), ("PRIORITY", 0xFF), ("RST_STREAM", 0xFF), ("WINDOW_UPDATE", 0xFF),
            ("SETTINGS", 0xFE), ("PING", 0xFE), ("GOAWAY", 0xFF), ("unknown", 0xFF),
        ] as [(String, UInt8)])
    func undefinedFlags(name: String, flags: UInt8) throws {
        let server = try RawServer()
        try server.receive(.headers(1, RawServer.request, isEnd: false))
        _ = try server.frames()
        let isOfConnection = ["SETTINGS", "PING", "GOAWAY"].contains(name)
        var frame = Self.frame(name, on: isOfConnection ? 0 : 1, fields: ["x": "1"])
        frame.flags |= flags
        try server.receive(frame)
        #expect(Self.outcome(try server.frames(), server.peer) == "ok")
    }

    @Test(
        "frames of a wrong length end the connection",
        arguments: [
            (RawFrame.Kind.priority, 4), (RawFrame.Kind.priority, 6), (RawFrame.Kind.reset, 3),
            (RawFrame.Kind.reset, 5),
            (RawFrame.Kind.settings, 5), (RawFrame.Kind.settings, 7), (RawFrame.Kind.ping, 7), (RawFrame.Kind.ping, 9),
            (RawFrame.Kind.goAway, 7), (RawFrame.Kind.windowUpdate, 3), (RawFrame.Kind.windowUpdate, 5),
        ] as [(UInt8, Int)])
    func wrongLength(kind: UInt8, length: Int) throws {
        let isOfConnection = [RawFrame.Kind.settings, RawFrame.Kind.ping, RawFrame.Kind.goAway].contains(kind)
        let frame = RawFrame(
            kind: kind, stream: isOfConnection ? 0 : 1, payload: [UInt8](repeating: 1, count: length))
        let server = try RawServer()
        try server.receive(.headers(1, RawServer.request, isEnd: false), frame)
        #expect(Self.outcome(try server.frames(), server.peer) == "6")
        let client = try RawClient()
        _ = try client.request()
        try client.receive(frame)
        #expect(Self.outcome(try client.frames(), client.peer) == "6")
    }

    @Test("padding is taken away, however much of a frame it is, and given back to the windows by itself")
    func padding() throws {
        let server = try RawServer()
        let block = HPACK.block(RawServer.request)
        try server.receive(
            RawFrame(
                kind: RawFrame.Kind.headers, flags: RawFrame.Flag.padded | RawFrame.Flag.endHeaders, stream: 1,
                payload: [3] + block + [0, 0, 0]))
        // More than the stream's window in padding alone.
        for _ in 0..<300 {
            try server.receive(
                RawFrame(
                    kind: RawFrame.Kind.data, flags: RawFrame.Flag.padded, stream: 1,
                    payload: [255] + [UInt8](repeating: 0, count: 255)))
            #expect(Self.outcome(try server.frames(), server.peer) == "ok")
        }
        try server.receive(
            RawFrame(
                kind: RawFrame.Kind.data, flags: RawFrame.Flag.padded | RawFrame.Flag.endStream, stream: 1,
                payload: [2, 9, 8, 7, 0, 0]))
        #expect(server.peer.bodies[1] == [9, 8, 7])
        #expect(server.peer.happenings(on: 1).contains(.end(stream: 1)))
    }

    @Test(
        "settings that nobody knows are overlooked, those that are known have their bounds",
        arguments: [
            (0x99, 0xFFFF_FFFF, "ok"), (0x1, 0, "ok"), (0x1, 0xFFFF_FFFF, "ok"), (0x2, 1, "ok"), (0x2, 2, "1"),
            (0x3, 0, "ok"), (0x4, 0x7FFF_FFFF, "ok"), (0x4, 0x8000_0000, "3"), (0x5, 16_384, "ok"), (0x5, 16_383, "1"),
            (0x5, 0xFF_FFFF, "ok"), (0x5, 0x100_0000, "1"), (0x6, 0, "ok"), (0x8, 1, "ok"), (0x8, 2, "1"),
        ] as [(UInt16, UInt32, String)])
    func settings(name: UInt16, value: UInt32, expected: String) throws {
        let server = try RawServer()
        try server.receive(.settings([(name, value)]))
        #expect(Self.outcome(try server.frames(), server.peer) == expected)
    }
}
