import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import GatewayRedis
@testable import GatewayStore

@Suite("Records at a Redis Cluster", .enabled(if: RedisCluster.isThere))
struct RedisClusterTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    private func open(_ server: RedisServer) async throws -> StoreUnderTest {
        let (loop, port) = (self.loop, server.port)
        let store = try await loop.submit {
            RedisStore(
                settings: RedisSettings(host: "127.0.0.1", port: port), bytesPerCaller: 1 << 30, eventLoop: loop
            ) { _, _ in }
        }.get()
        try await RedisCluster.until("it is connected to") { store.failure == nil }
        return StoreUnderTest(store: store, takesTime: false, eventLoop: loop)
    }

    private func slot(of claim: KeyClaim) -> Int {
        RedisSlot.of(Array("product-gateway:key:\(claim.name.digest.hexadecimal)".utf8))
    }

    @Test("are found wherever they are, while they move, and where the server that was configured is gone")
    func cluster() async throws {
        let cluster = try await RedisCluster()
        defer { cluster.stop() }
        let (one, other) = (try await self.open(cluster.servers[0]), try await self.open(cluster.servers[2]))

        // No claim fails, though the servers are only got to know by it.
        var claims: [KeyClaim] = []
        for key in 1...60 {
            let claim = KeyClaim.by("r\(key)", key: UInt64(key))
            #expect(await one.claim(claim) == .owned(earlier: nil))
            #expect(await one.settle(claim, .done([1])) == .written)
            claims.append(claim)
        }
        for server in cluster.servers { #expect((Int(RedisCluster.ask(server, "DBSIZE")) ?? 0) > 5) }
        for key in 1...60 {
            guard case .done = await other.claim(.by("again", key: UInt64(key))) else {
                Issue.record("record \(key) is not found through another server")
                return
            }
        }
        try await self.move(cluster, one, other)
        try await self.lose(cluster, one, claims)
        for each in [one, other] { each.store.close() }
    }

    /// Moves a slot from one server to another while a record in it is made.
    private func move(_ cluster: RedisCluster, _ one: StoreUnderTest, _ other: StoreUnderTest) async throws {
        let claim = KeyClaim.by("moving", key: 1_000)
        let slot = self.slot(of: claim)
        let source = RedisCluster.place(of: slot)
        let target = (source + 1) % 3
        func set(_ place: Int, _ words: String, _ id: Int) {
            let reply = RedisCluster.ask(
                cluster.servers[place], "CLUSTER", "SETSLOT", "\(slot)", words, cluster.ids[id])
            #expect(reply == "OK")
        }
        set(target, "IMPORTING", source)
        set(source, "MIGRATING", target)
        // The source has no such key, and sends to the target (ASK), which takes it only after ASKING.
        #expect(await one.claim(claim) == .owned(earlier: nil))
        guard case .underWay = await other.claim(.by("second", key: 1_000)) else {
            Issue.record("the record is in the slot's new place")
            return
        }
        #expect(await one.settle(claim, .done([7])) == .written)
        set(target, "NODE", target)
        set(source, "NODE", target)
        // Now it is there for good (MOVED).
        for store in [one, other] {
            guard case .done(let earlier) = await store.claim(.by("third", key: 1_000)) else {
                Issue.record("the record has moved with its slot")
                return
            }
            #expect(earlier["a"]?.answer == [7])
        }
    }

    /// Ends the configured server: what the others have is found, what it had is refused and never made anew.
    private func lose(_ cluster: RedisCluster, _ store: StoreUnderTest, _ claims: [KeyClaim]) async throws {
        cluster.servers[0].stop()
        try await RedisCluster.until("that is noticed") { store.store.failure != nil }
        for claim in claims {
            let result = await store.claim(
                KeyClaim(
                    name: claim.name, fingerprint: claim.fingerprint, requestID: "late", owner: 1, leaseMilliseconds: 1,
                    retentionMilliseconds: 1_000_000, targets: ["a"], startsSending: false))
            switch (result, RedisCluster.place(of: self.slot(of: claim))) {
            case (.failed(.unavailable), 0), (.done, 1), (.done, 2): break
            default: Issue.record("\(result) of what server \(RedisCluster.place(of: self.slot(of: claim))) had")
            }
        }
    }
}
