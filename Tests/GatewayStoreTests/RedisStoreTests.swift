import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import GatewayRedis
@testable import GatewayStore

@Suite("Records at Redis", .enabled(if: RedisServer.isThere), .serialized)
struct RedisStoreTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    /// A store that is connected, or says why it is not.
    private func open(
        _ settings: RedisSettings, bytesPerCaller: Int = 1 << 30,
        report: @escaping @Sendable (StoreFailure?) -> Void = { _ in }
    ) async throws -> StoreUnderTest {
        let loop = self.loop
        let store = try await loop.submit {
            RedisStore(settings: settings, bytesPerCaller: bytesPerCaller, eventLoop: loop) { _, failure in
                report(failure)
            }
        }.get()
        let result = StoreUnderTest(store: store, takesTime: false, eventLoop: loop)
        for _ in 0..<200 where store.failure == .unavailable(reason: "it is being connected to") {
            try await Task.sleep(for: .milliseconds(10))
        }
        return result
    }

    private func open(_ server: RedisServer, bytesPerCaller: Int = 1 << 30) async throws -> StoreUnderTest {
        // It may still be starting.
        for _ in 0..<200 {
            let store = try await self.open(
                RedisSettings(host: "127.0.0.1", port: server.port), bytesPerCaller: bytesPerCaller)
            if store.store.failure == nil { return store }
            store.store.close()
            try await Task.sleep(for: .milliseconds(20))
        }
        throw CocoaError(.coderInvalidValue)
    }

    @Test("do what every store does")
    func contract() async throws {
        let server = try RedisServer()
        let store = try await self.open(server)
        await StoreContract.all(store)
        store.store.close()
    }

    @Test("two gateways share them, and the server's clock decides about leases")
    func shared() async throws {
        let server = try RedisServer()
        let (one, other) = (try await self.open(server), try await self.open(server))
        let first = KeyClaim.by("r1", key: 1, lease: 0.3)
        // A gateway whose clock is wrong by hours.
        #expect(await one.claim(first, at: 40_000) == .owned(earlier: nil))
        guard case .underWay("r1", let milliseconds) = await other.claim(.by("r2", key: 1), at: -40_000) else {
            Issue.record("the first one is under way")
            return
        }
        #expect(milliseconds <= 300)
        try await Task.sleep(for: .milliseconds(350))
        #expect(await one.advance(first) == .lost)
        let second = KeyClaim.by("r2", key: 1)
        guard case .owned(let earlier?) = await other.claim(second) else {
            Issue.record("the lease is over")
            return
        }
        #expect(earlier["a"]?.stage == .claimed)
        #expect(await one.settle(first, .done([1])) == .lost)
        #expect(await other.settle(second, .done([2])) == .written)
        for each in [one, other] { each.store.close() }
    }

    @Test("records are forgotten when their retention is over")
    func retention() async throws {
        let server = try RedisServer()
        let store = try await self.open(server)
        let claim = KeyClaim.by("r1", key: 1, retention: 0.2)
        _ = await store.claim(claim)
        _ = await store.settle(claim, .done([1]))
        try await Task.sleep(for: .milliseconds(300))
        #expect(await store.lookUp(claim.name) == .absent)
        store.store.close()
    }

    @Test("two gateways together bound what a caller's records take, and another caller has its own room")
    func room() async throws {
        let server = try RedisServer()
        let bytesMax = 256 * 1024
        let (one, other) = (
            try await self.open(server, bytesPerCaller: bytesMax), try await self.open(server, bytesPerCaller: bytesMax)
        )
        var (kept, failure): (UInt64, ClaimResult?) = (0, nil)
        while kept < 1_000, failure == nil {
            let store = kept.isMultiple(of: 2) ? one : other
            let claim = KeyClaim.by("r", key: 1 + kept)
            let result = await store.claim(claim, at: Double(kept) / 1000)
            guard result == .owned(earlier: nil) else {
                failure = result
                break
            }
            _ = await store.settle(claim, .done([UInt8](repeating: 7, count: 2_000)), at: Double(kept) / 1000)
            kept += 1
        }
        #expect(failure == .failed(.callerFull))
        // What each adds before it reports is a 128th, and each report is a moment behind.
        #expect((100...130).contains(kept), "\(kept) records of 2.4 KB")
        guard case .done = await one.claim(.by("r", key: 1), at: 1) else {
            Issue.record("a repetition finds its record however full it is")
            return
        }
        #expect(await one.claim(.by("r", key: 5_000, scope: "other"), at: 1) == .owned(earlier: nil))
        for each in [one, other] { each.store.close() }
    }

    @Test("room comes back with a release and with the retention's end")
    func roomComesBack() async throws {
        let server = try RedisServer()
        let store = try await self.open(server, bytesPerCaller: 64 * 1024)
        for key in 1...500 {
            let claim = KeyClaim.by("r", key: UInt64(key), retention: 0.5)
            #expect(await store.claim(claim) == .owned(earlier: nil))
            #expect(await store.settle(claim, .released) == .written)
        }
        /// All the room that a caller has, until the retention's end.
        func fill(_ scope: String, retention: Double) async {
            let large = KeyClaim.by("r", key: 1_000, scope: scope, retention: retention)
            #expect(await store.claim(large) == .owned(earlier: nil))
            _ = await store.settle(large, .done([UInt8](repeating: 7, count: 65_000)))
        }
        await fill("kept", retention: 600)
        #expect(await store.claim(.by("r", key: 1_001, scope: "kept"), at: 1) == .failed(.callerFull))
        // Redis goes by its own clock: whether the room is taken before the end cannot be asked in time for certain.
        await fill("ended", retention: 0.5)
        try await Task.sleep(for: .milliseconds(600))
        var result = ClaimResult.failed(.callerFull)
        for second in 2..<50 where result == .failed(.callerFull) {
            result = await store.claim(.by("r", key: 1_002, scope: "ended"), at: Double(second))
        }
        #expect(result == .owned(earlier: nil))
        store.store.close()
    }

    @Test("a server that has forgotten the scripts, or was restarted, is sent them again")
    func restart() async throws {
        let server = try RedisServer()
        let store = try await self.open(server)
        #expect(await store.claim(.by("r", key: 1)) == .owned(earlier: nil))
        server.stop()
        for _ in 0..<200 where store.store.failure == nil { try await Task.sleep(for: .milliseconds(10)) }
        guard case .failed(.unavailable) = await store.claim(.by("r", key: 2)) else {
            Issue.record("it is gone")
            return
        }
        let next = try RedisServer(port: server.port)
        for _ in 0..<1000 where store.store.failure != nil { try await Task.sleep(for: .milliseconds(10)) }
        #expect(await store.claim(.by("r", key: 2)) == .owned(earlier: nil))
        store.store.close()
        next.stop()
    }

    @Test("user, password and database are those of the settings")
    func login() async throws {
        let server = try RedisServer("--requirepass", "s3cret")
        var settings = RedisSettings(host: "127.0.0.1", port: server.port, database: 3)
        let reasons = Mutex<[String]>([])
        for (password, isTaken) in [(nil, false), ("wrong", false), ("s3cret", true)] {
            settings.password = password.map { Array($0.utf8) }
            var failure: StoreFailure?
            for _ in 0..<100 {
                let store = try await self.open(settings) { failure in
                    if let failure { reasons.withLock { $0.append(failure.description) } }
                }
                failure = store.store.failure
                if failure == nil { _ = await store.claim(.by("r", key: 1)) }
                store.store.close()
                if failure?.description.contains("no connection") != true { break }
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect((failure == nil) == isTaken, "\(String(describing: failure))")
        }
        let told = reasons.withLock { $0.joined() }
        #expect(told.contains("NOAUTH") && told.contains("WRONGPASS"))
        #expect(!told.contains("s3cret"))
        // What was claimed is in database 3, and in no other.
        settings.password = Array("s3cret".utf8)
        settings.database = 0
        let other = try await self.open(settings)
        #expect(await other.lookUp(KeyClaim.by("r", key: 1).name) == .absent)
        other.store.close()
    }

    @Test("a server without room says so, and keeps what it has")
    func full() async throws {
        let server = try RedisServer("--maxmemory", "3mb", "--maxmemory-policy", "noeviction")
        let store = try await self.open(server)
        var failure: ClaimResult?
        for key in 0..<2_000 {
            let claim = KeyClaim.by("r", key: 1 + UInt64(key))
            let result = await store.claim(claim)
            guard result == .owned(earlier: nil) else {
                failure = result
                break
            }
            _ = await store.settle(claim, .done([UInt8](repeating: 7, count: 4_000)))
        }
        guard case .failed(.full) = failure else {
            Issue.record("it has no room: \(String(describing: failure))")
            return
        }
        guard case .done = await store.claim(.by("r", key: 1)) else {
            Issue.record("what is kept is kept")
            return
        }
        store.store.close()
    }

    @Test("a server that is stopped in its tracks is noticed, and used again when it goes on")
    func stopped() async throws {
        let server = try RedisServer()
        let store = try await self.open(server)
        _ = await store.claim(.by("r", key: 1))
        server.signal(SIGSTOP)
        let pending = Task { await store.claim(.by("r", key: 2)) }
        guard case .failed(.unavailable) = await pending.value else {
            Issue.record("it does not answer")
            return
        }
        server.signal(SIGCONT)
        // A busy machine may take longer than the store waits: then another key is tried.
        var key: UInt64 = 3
        while key < 250, await store.claim(.by("r", key: key)) != .owned(earlier: nil) {
            try await Task.sleep(for: .milliseconds(20))
            key += 1
        }
        #expect(key < 250)
        store.store.close()
    }

    @Test(
        "a server that talks nonsense is cut off, and nothing it says counts",
        arguments: [
            "HTTP/1.1 400 Bad Request\r\n\r\n", "+PONG\r\n+PONG\r\n+PONG\r\n", "*1000000000\r\n", "$-7\r\n",
            "+PONG\r\n*3\r\n$3\r\nnew\r\n:1\r\n:2\r\n", "+PONG\r\n*2\r\n$4\r\ndone\r\n$1\r\nr\r\n", "+PONG\r\n:1\r\n",
            "+PONG\r\n*3\r\n$5\r\nowned\r\n$1\r\nr\r\n*2\r\n$1\r\na\r\n$1\r\nx\r\n", "+PONG\r\n$-1\r\n",
            "+PONG\r\n$-2\r\n", "+PONG\r\n*-5\r\n", "+PONG\r\n:99999999999999999999999\r\n", "+PONG\r\n$3\r\nabc\r\n",
            "+PONG\r\n$99999999999999999999\r\n", "+PONG\r\n" + String(repeating: "*1\r\n", count: 1_000) + ":1\r\n",
            "+PONG\r\n*2147483647\r\n*2147483647\r\n",
            "+PONG\r\n*1000\r\n" + String(repeating: "*1000\r\n", count: 1_000), "+PONG\r\n+OK\r\n",
            "+PONG\r\n%1\r\n+a\r\n+b\r\n",
            "+PONG\r\n-MOVED 1 nowhere\r\n", "+PONG\r\n-MOVED 99999 127.0.0.1:1\r\n", "\u{0}\u{1}\u{2}",
        ])
    func nonsense(text: String) async throws {
        let listener = try await ServerBootstrap(group: self.loop).childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(Babbler(text))
            }
        }.bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        let store = try await self.open(RedisSettings(host: "127.0.0.1", port: port))
        let result = await store.claim(.by("r", key: 1))
        if case .failed = result {} else { Issue.record("\(result)") }
        store.store.close()
        try await listener.close()
    }

    @Test(
        "a server that says half of it, or closes in the middle, is given up",
        // The one that keeps the connection open is waited for as long as any server: once is enough.
        arguments: [
            ("+PONG\r\n$2000000000\r\nab", true), ("+PONG\r\n$5\r\nab", true), ("+PONG\r\n*3\r\n$3\r\nnew\r\n", true),
            ("+PONG\r\n$2000000000\r\nab", false),
        ])
    func half(text: String, closes: Bool) async throws {
        let listener = try await ServerBootstrap(group: self.loop).childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(Babbler(text, closes: closes))
            }
        }.bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        let store = try await self.open(RedisSettings(host: "127.0.0.1", port: port))
        let result = await store.claim(.by("r", key: 1))
        if case .failed(.unavailable) = result {} else { Issue.record("\(result)") }
        store.store.close()
        try await listener.close()
    }

    @Test("bytes that are no record are none, whatever they are")
    func records() throws {
        var bytes: [UInt8] = []
        RedisRecord.append(.by("request", key: 1, targets: ["a", "é"], startsSending: true), to: &bytes)
        let record = try #require(RedisRecord(bytes))
        #expect(record.requestID == "request" && record.targets.map(\.name) == ["a", "é"])
        #expect(record.leaseEnd == 25_000 && record.kept == 86_400_000)
        for count in 0..<bytes.count { #expect(RedisRecord(Array(bytes.prefix(count)))?.targets.count != 2) }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            var other = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                other[Int.random(in: 0..<other.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            // Whatever comes of it: nothing traps.
            if let record = RedisRecord(other) { _ = (record.claim(.by("x")), record.view(left: .min)) }
        }
    }

    @Test("a cluster's word that a key is elsewhere is followed, for good or once; a circle is not")
    func redirections() async throws {
        let server = RedisAddress(host: "h", port: 1)
        #expect(
            RedisRedirection("MOVED 3999 127.0.0.1:6381", from: server)?.address
                == RedisAddress(host: "127.0.0.1", port: 6381))
        #expect(RedisRedirection("MOVED 3999 :6381", from: server)?.address == RedisAddress(host: "h", port: 6381))
        #expect(RedisRedirection("ASK 1 ::1:7", from: server)?.address == RedisAddress(host: "::1", port: 7))
        #expect(RedisRedirection("ASK 1 ::1:7", from: server)?.isMoved == false)
        for error in ["MOVED", "MOVED x h:1", "MOVED 16384 h:1", "MOVED 1 h:0", "MOVED 1 h", "ERR 1 h:1"] {
            #expect(RedisRedirection(error, from: server) == nil)
        }
        // The values of the specification's page.
        #expect(RedisSlot.of(Array("123456789".utf8)) == 0x31C3)
    }

    @Test("where a cluster's slots are is read from what it says, and nothing else is")
    func slots() throws {
        func server(_ host: String, _ port: Int) -> RedisReply {
            .array([.bytes(Array(host.utf8)), .integer(port), .bytes([1]), .array([])])
        }
        let reply = RedisReply.array([
            .array([.integer(0), .integer(8_191), server("", 1), server("replica", 9)]),
            .array([.integer(8_192), .integer(16_383), server("b", 2)]),
        ])
        let slots = try #require(RedisSlotMap(reply, from: "asked"))
        #expect(slots[0] == RedisAddress(host: "asked", port: 1) && slots[8_191] == slots[0])
        #expect(slots[8_192] == RedisAddress(host: "b", port: 2) && slots[16_383] == slots[8_192])
        #expect(slots[16_384] == nil && slots[-1] == nil)
        for (first, last, port) in [(0, 16_384, 1), (-1, 3, 1), (5, 4, 1), (0, 1, 0), (0, 1, 65_536)] {
            let reply = RedisReply.array([.array([.integer(first), .integer(last), server("h", port)])])
            #expect(RedisSlotMap(reply, from: "asked") == nil)
        }
        for reply in [RedisReply.null, .array([]), .array([.array([.integer(1)])]), .error("ERR")] {
            #expect(RedisSlotMap(reply, from: "asked") == nil)
        }
        var many = RedisSlotMap()
        for slot in 0..<1_000 { many.set(slot...slot, to: RedisAddress(host: "h\(slot)", port: 1)) }
        #expect(many[254] != nil && many[255] == nil)
    }

    @Test("a command is its arguments with their lengths, and can be sent with another script")
    func commands() {
        func text(_ command: RedisCommand) -> String {
            var buffer = ByteBuffer()
            command.write(to: &buffer)
            return String(buffer: buffer)
        }
        var command = RedisCommand("EVALSHA", room: 0)
        command.append("0123".utf8)
        command.append("1".utf8)
        command.append(key: Array("a:".utf8), 3) { $0.append(contentsOf: "key".utf8) }
        for number in [0, 7, 10, 1_234_567_890, -15, .max, .min] { command.append(number: number) }
        let tail =
            "$1\r\n1\r\n$5\r\na:key\r\n$1\r\n0\r\n$1\r\n7\r\n$2\r\n10\r\n$10\r\n1234567890\r\n$3\r\n-15\r\n"
            + "$19\r\n9223372036854775807\r\n$20\r\n-9223372036854775808\r\n"
        #expect(text(command) == "*11\r\n$7\r\nEVALSHA\r\n$4\r\n0123\r\n" + tail)
        #expect(command.key.map { String(decoding: $0, as: UTF8.self) } == "a:key")
        let other = command.replacing(firstTwoWith: "EVAL", "return 1")
        #expect(text(other) == "*11\r\n$4\r\nEVAL\r\n$8\r\nreturn 1\r\n" + tail)
        #expect(other.key.map { String(decoding: $0, as: UTF8.self) } == "a:key")
    }
}

/// Answers whatever comes with the same text.
private final class Babbler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let text: String
    private let closes: Bool

    init(_ text: String, closes: Bool = false) {
        self.text = text
        self.closes = closes
    }

    func channelRead(context: ChannelHandlerContext, data _: NIOAny) {
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: self.text)), promise: nil)
        if self.closes { context.close(promise: nil) }
    }
}
