import NIOCore
import NIOEmbedded
import Testing

@testable import GatewayProxy

@Suite("Nothing that an HTTP/1.1 vendor says can trap the process, stay behind, or be told twice")
struct UpstreamHTTP1RandomBytesTests {
    /// Answers of every kind, one after the other.
    private static let conversation: [UInt8] = Array(
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"a\"\r\n\r\nhello"
            + "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n3\r\nabc\r\n0\r\nX: 1\r\n\r\n"
            + "HTTP/1.1 204 No Content\r\nKeep-Alive: timeout=5, max=7\r\n\r\n"
            + "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").utf8)

    /// Has a request answered by the next of `bytes`, in reads of random length, as long as the connection lives.
    private func converse(_ bytes: [UInt8], using random: inout SeededGenerator) throws {
        weak var connection: UpstreamHTTP1Connection?
        var told: [ToldAttempt] = []
        do {
            let line = try HTTP1Line()
            connection = line.connection
            var rest = bytes[...]
            while !rest.isEmpty, line.isOpen {
                if line.connection.freeStreams > 0 { told.append(try line.send().told) }
                let part = rest.prefix(Int.random(in: 1...60, using: &random))
                rest = rest.dropFirst(part.count)
                _ = try? line.channel.writeInbound(ByteBuffer(bytes: part))
                if Bool.random(using: &random) { line.fixture.loop.run() }
            }
            if Bool.random(using: &random) { line.connection.drain() }
            line.hangUp()
            #expect(line.connection.stage == .closed)
            #expect(line.pool.connections.isEmpty)
        }
        #expect(connection == nil)
        for told in told { #expect(told.results.count == 1) }
    }

    @Test("the whole conversation, cut anywhere, leaves nothing behind")
    func cut() throws {
        var random = SeededGenerator(seed: 5)
        for end in stride(from: 0, through: Self.conversation.count, by: 3) {
            try self.converse(Array(Self.conversation.prefix(end)), using: &random)
        }
    }

    @Test("the conversation with a few bytes changed", arguments: [1, 2, 3, 4] as [UInt64])
    func mutated(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            var bytes = Self.conversation
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: position)
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: position)
                }
            }
            try self.converse(bytes, using: &random)
        }
    }
}
