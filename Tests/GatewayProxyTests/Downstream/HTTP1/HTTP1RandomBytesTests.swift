import Glibc
import NIOCore
import NIOEmbedded
import Testing

@testable import GatewayProxy

@Suite("Nothing that a caller sends in HTTP/1.1 can trap the process or stay behind")
struct HTTP1RandomBytesTests {
    /// Requests in which everything ordinary happens once.
    private static let requests = [
        HTTP1CallerConnectionTests.get, HTTP1CallerConnectionTests.patch + "Content-Length: 12\r\n\r\n{\"name\":\"x\"}",
        HTTP1CallerConnectionTests.patch
            + "Transfer-Encoding: chunked\r\nTrailer: x\r\n\r\n"
            + "5;a=b\r\n{\"nam\r\n7\r\ne\":\"x\"}\r\n0\r\nX-T: 1\r\n\r\n",
        HTTP1CallerConnectionTests.patch + "Expect: 100-continue\r\nContent-Length: 12\r\n\r\n{\"name\":\"x\"}",
        "HEAD /v1/targets HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: [::1]:1\r\n\r\n",
        "POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
        "GET http://a/v1/targets?x HTTP/1.1\r\nHost: a\r\nConnection: x-y, keep-alive\r\nX-Y: 1\r\n\r\n",
        "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", "GET /v1/targets HTTP/1.0\r\n\r\n",
        "GET /v1/targets HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n", "\r\n", "0\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /v1/targets HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\n",
    ].map { Array($0.utf8) }

    /// A few hundred damaged conversations; more where somebody has the time: `GATEWAY_RANDOM_ROUNDS=100000`.
    private static let rounds = getenv("GATEWAY_RANDOM_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 300

    /// Says `bytes` in reads of random length, ends the connection in one of the ways there are, and looks whether
    /// anything is left. The result is the first answer's status.
    @discardableResult
    private func converse(_ bytes: [UInt8], readMax: Int, using random: inout SeededGenerator) throws -> Int? {
        let caller = try HTTP1CallerConnectionTests.Caller { limits in
            limits.fieldSectionBytesMax = 2_000
            limits.requestBodyBytesMax = 1_000
            limits.streamsConcurrentMax = 3
        }
        weak var connection: HTTP1CallerConnection?
        var text = ""
        var rest = bytes[...]
        while !rest.isEmpty, caller.channel.isActive {
            let part = rest.prefix(Int.random(in: 1...readMax, using: &random))
            rest = rest.dropFirst(part.count)
            try caller.channel.writeInbound(ByteBuffer(bytes: part))
            if Bool.random(using: &random) { text += try caller.heard() }
        }
        connection = caller.connection
        text += try caller.heard()
        switch Int.random(in: 0...3, using: &random) {
        case 0: connection?.drain()
        case 1: connection?.deadlineReached()
        case 2: connection?.cut()
        default: break
        }
        text += try caller.heard()
        caller.channel.close(promise: nil)
        caller.fixture.loop.run()
        #expect(caller.inFlight == 0)
        #expect(caller.fixture.worker.downstream.hasRoomForConnection)
        return HTTP1CallerConnectionTests.statuses(text).first { $0 != 100 }
    }

    @Test("conversations of requests in any order, damaged in a few places, read in any pieces", arguments: 1...4)
    func damaged(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<Self.rounds / 4 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                bytes += Self.requests.randomElement(using: &random) ?? []
            }
            for _ in 0..<Int.random(in: 0...6, using: &random) where !bytes.isEmpty {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...4, using: &random) {
                case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: position)
                case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: position)
                case 3: bytes.insert(contentsOf: "\r\n\t :,;0".utf8.shuffled(using: &random).prefix(2), at: position)
                default: bytes.insert(contentsOf: bytes[position..<min(position + 40, bytes.count)], at: position)
                }
            }
            try self.converse(bytes, readMax: 60, using: &random)
        }
    }

    @Test("the first answer does not depend on how the bytes are cut into reads")
    func pieces() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<Self.rounds {
            var bytes = Self.requests.randomElement(using: &random) ?? []
            if Bool.random(using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...127, using: &random)
            }
            let whole = try self.converse(bytes, readMax: 100_000, using: &random)
            for readMax in [1, 7] {
                var copy = random
                #expect(
                    try self.converse(bytes, readMax: readMax, using: &copy) == whole,
                    "\(String(decoding: bytes, as: UTF8.self))")
            }
        }
    }

    @Test("requests cut off anywhere leave nothing behind")
    func cut() throws {
        var random = SeededGenerator(seed: 9)
        for request in Self.requests {
            for end in 0...request.count {
                try self.converse(Array(request.prefix(end)), readMax: 40, using: &random)
            }
        }
    }
}
