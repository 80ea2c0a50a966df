import Testing

@testable import GatewayHTTP2

@Suite("Finding what libnghttp2 lets pass")
struct FrameWatchTests {
    private static let bytes: [UInt8] =
        RawFrame.clientPreface + RawFrame.settings([(4, 100)]).bytes
        + RawFrame(kind: 0x20, payload: [UInt8](repeating: 0x20, count: 300)).bytes
        + RawFrame.headers(1, RawServer.request, isEnd: false).bytes
        + RawFrame(kind: 0xFF, stream: 1).bytes + RawFrame.data(1, patternedBody(70)).bytes
        + RawFrame(kind: 0x0A, payload: [1]).bytes + RawFrame.ping().bytes

    /// What is found in `bytes` when they come `size` at a time.
    private func find(in bytes: [UInt8], role: HTTP2Session.Role = .server, size: Int = .max) -> FrameWatch.Found {
        var frames = FrameWatch(role: role, streamsMax: 100)
        var found = FrameWatch.Found()
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(size)).withUnsafeBytes { frames.find(in: $0) }
            found.unknown += part.unknown
            found.data += part.data
            found.dataBytes += part.dataBytes
            found.violation = found.violation ?? part.violation
            rest = rest.dropFirst(size)
        }
        return found
    }

    @Test("what stands within payloads is not counted, however the bytes are cut", arguments: [1, 2, 3, 9, 10, 1_000])
    func cut(size: Int) {
        let found = self.find(in: Self.bytes, size: size)
        #expect(found.unknown == 3)
        #expect(found.data == 1)
        #expect(found.dataBytes == 70)
        #expect(found.violation == nil)
    }

    @Test("a client hears no preface")
    func client() {
        #expect(self.find(in: Array(Self.bytes.dropFirst(RawFrame.clientPreface.count)), role: .client).unknown == 3)
        #expect(self.find(in: [], role: .client).unknown == 0)
    }

    @Test(
        "a stream that depends on itself is found, exclusively or not, however the bytes are cut",
        arguments: [1, 4, 7, 100])
    func selfDependency(size: Int) {
        for exclusive in [UInt8(0), 0x80] {
            for (stream, parent, isSelf) in [(3, 3, true), (3, 1, false), (3, 0, false), (0x0103, 0x03, false)] {
                let priority = RawFrame(
                    kind: RawFrame.Kind.priority, stream: UInt32(stream),
                    payload: [exclusive, 0, 0, UInt8(parent), 200])
                let bytes = Self.bytes + priority.bytes + RawFrame(kind: 0xFF).bytes
                let found = self.find(in: bytes, size: size)
                #expect(found.violation == (isSelf ? .protocolError : nil))
                #expect(found.unknown == 4, "the frames behind it are found")
            }
        }
    }

    @Test("a PRIORITY of another length says nothing, and what follows is found", arguments: [0, 4, 6])
    func otherLengths(count: Int) {
        let priority = RawFrame(
            kind: RawFrame.Kind.priority, stream: 3, payload: [0, 0, 0, 3, 1, 1].prefix(count) + [])
        let found = self.find(in: RawFrame.clientPreface + priority.bytes + RawFrame(kind: 0xFF).bytes)
        #expect(found.violation == nil)
        #expect(found.unknown == 1)
    }

    @Test("PRIORITY of no stream is wrong")
    func priorityOfTheConnection() {
        let priority = RawFrame(kind: RawFrame.Kind.priority, payload: [0, 0, 0, 1, 0])
        #expect(self.find(in: RawFrame.clientPreface + priority.bytes).violation == .protocolError)
        #expect(self.find(in: priority.bytes, role: .client).violation == .protocolError)
    }

    @Test("a client's frame on a stream that it has ended is wrong, a server's is libnghttp2's to judge")
    func endedStream() {
        let frames = RawFrame.headers(1, RawServer.request).bytes + RawFrame.data(1, [1]).bytes
        #expect(self.find(in: RawFrame.clientPreface + frames).violation == .streamClosed)
        #expect(self.find(in: frames, role: .client).violation == nil)
    }
}
