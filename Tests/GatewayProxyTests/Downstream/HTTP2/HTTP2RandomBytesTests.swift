import NIOCore
import NIOEmbedded
import Testing

@testable import GatewayHTTP2
@testable import GatewayProxy

@Suite("Nothing that a caller sends can trap the process or stay behind")
struct HTTP2RandomBytesTests {
    private static let path = "/v1/products/1?target=catalogue&dryRun=true"

    private static func request(_ stream: Int32, isEnd: Bool) -> [UInt8] {
        RawBytes.headers(
            stream,
            [
                (":method", "PATCH"), (":scheme", "https"), (":authority", "a"), (":path", self.path),
                ("content-type", "application/json"), ("prefer", "handling=lenient"),
            ], isEnd: isEnd)
    }

    /// A conversation in which everything ordinary happens once.
    private static let conversation: [UInt8] =
        Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + RawBytes.frame(4)
        + request(1, isEnd: false) + RawBytes.frame(0, stream: 1, Array(#"{"name":"#.utf8))
        + request(3, isEnd: true) + RawBytes.frame(8, [0, 0, 4, 0])
        + RawBytes.frame(0, flags: 1, stream: 1, Array(#""a"}"#.utf8))
        + request(5, isEnd: false) + RawBytes.frame(3, stream: 5, [0, 0, 0, 8])
        + RawBytes.headers(
            7, [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/v1/targets")],
            isEnd: true)
        + RawBytes.frame(6, [1, 2, 3, 4, 5, 6, 7, 8])
        + request(9, isEnd: false) + RawBytes.frame(0, stream: 9, [UInt8](repeating: 0x20, count: 2_000))
        + RawBytes.headers(9, [("x-trailer", "1")], isEnd: true)
        + request(11, isEnd: false) + RawBytes.frame(7, [0, 0, 0, 0, 0, 0, 0, 0])

    /// Says `bytes` to a new connection in reads of random length, closes it, and looks whether anything is left.
    private func converse(_ bytes: [UInt8], using random: inout SeededGenerator) throws {
        let fixture = WorkerFixture(targets: [try WorkerFixture.target()])
        weak var connection: HTTP2CallerConnection?
        do {
            let handler = fixture.downstreamConnection()
            connection = handler
            let channel = EmbeddedChannel(handler: handler, loop: fixture.loop)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            var rest = bytes[...]
            while !rest.isEmpty, channel.isActive {
                let part = rest.prefix(Int.random(in: 1...400, using: &random))
                rest = rest.dropFirst(part.count)
                try channel.writeInbound(ByteBuffer(bytes: part))
                if Bool.random(using: &random) { fixture.loop.run() }
            }
            if Bool.random(using: &random) { handler.drain() }
            if Bool.random(using: &random) { handler.deadlineReached() }
            fixture.loop.run()
            channel.close(promise: nil)
            fixture.loop.run()
            // What was going to happen half a second later happens to a closed connection.
            fixture.loop.advanceTime(by: .seconds(1))
        }
        #expect(fixture.worker.exchanges.underWay.count == 0)
        #expect(connection == nil)
    }

    @Test("the whole conversation, cut anywhere, leaves nothing behind")
    func cut() throws {
        var random = SeededGenerator(seed: 5)
        for end in stride(from: 0, through: Self.conversation.count, by: 37) {
            try self.converse(Array(Self.conversation.prefix(end)), using: &random)
        }
    }

    @Test("the conversation with a few bytes changed", arguments: [1, 2, 3, 4] as [UInt64])
    func mutated(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<150 {
            var bytes = Self.conversation
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let position = Int.random(in: 24..<bytes.count, using: &random)
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
