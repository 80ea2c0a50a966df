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
        _ settings: RedisSettings, report: @escaping @Sendable (StoreFailure?) -> Void = { _ in }
    ) async throws -> StoreUnderTest {
        let loop = self.loop
        let store = try await loop.submit {
            RedisStore(settings: settings, eventLoop: loop) { _, failure in report(failure) }
        }.get()
        let result = StoreUnderTest(store: store, takesTime: false, eventLoop: loop)
        for _ in 0..<200 where store.failure == .unavailable(reason: "it is being connected to") {
            try await Task.sleep(for: .milliseconds(10))
        }
        return result
    }

    private func open(_ server: RedisServer) async throws -> StoreUnderTest {
        // It may still be starting.
        for _ in 0..<200 {
            let store = try await self.open(RedisSettings(host: "127.0.0.1", port: server.port))
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

    @Test("a cluster's word that a key is elsewhere is followed, for good or once; a circle is not")
    func redirections() async throws {
        #expect(
            RedisRedirection("MOVED 3999 127.0.0.1:6381", from: "h")?.address
                == RedisAddress(host: "127.0.0.1", port: 6381))
        #expect(RedisRedirection("MOVED 3999 :6381", from: "h")?.address == RedisAddress(host: "h", port: 6381))
        #expect(RedisRedirection("ASK 1 ::1:7", from: "h")?.address == RedisAddress(host: "::1", port: 7))
        #expect(RedisRedirection("ASK 1 ::1:7", from: "h")?.isMoved == false)
        for error in ["MOVED", "MOVED x h:1", "MOVED 16384 h:1", "MOVED 1 h:0", "MOVED 1 h", "ERR 1 h:1"] {
            #expect(RedisRedirection(error, from: "h") == nil)
        }
        // The values of the specification's page.
        #expect(RedisSlot.of(Array("123456789".utf8)) == 0x31C3)
    }
}

/// Answers whatever comes with the same text.
private final class Babbler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let text: String

    init(_ text: String) { self.text = text }

    func channelRead(context: ChannelHandlerContext, data _: NIOAny) {
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: self.text)), promise: nil)
    }
}
