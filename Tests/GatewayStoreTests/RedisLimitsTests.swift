import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import GatewayRedis
@testable import GatewayStore

@Suite("Limits at Redis", .enabled(if: RedisServer.isThere), .serialized)
struct RedisLimitsTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    private func open(_ server: RedisServer) async throws -> NIOLoopBound<RedisLimits> {
        let loop = self.loop
        let settings = RedisSettings(host: "127.0.0.1", port: server.port)
        let limits = try await loop.submit {
            NIOLoopBound(RedisLimits(settings: settings, eventLoop: loop), eventLoop: loop)
        }.get()
        // It may still be starting.
        for _ in 0..<200 {
            if case .success = try await self.pause(limits, "nobody", nil) { return limits }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw CocoaError(.coderInvalidValue)
    }

    private func report(
        _ limits: NIOLoopBound<RedisLimits>, added: Int, known: Int = 0, most: Int = 1_000_000_000
    ) async throws -> Int? {
        let result: Result<LimitLevel, StoreFailure> = try await self.loop.flatSubmit {
            let promise = self.loop.makePromise(of: Result<LimitLevel, StoreFailure>.self)
            limits.value.report(
                LimitReport(
                    name: "caller:shop:rate", addedMicroseconds: added, knownMicroseconds: known,
                    mostMicroseconds: most)
            ) { promise.succeed($0) }
            return promise.futureResult
        }.get()
        guard case .success(let level) = result else { return nil }
        return level.aheadMicroseconds
    }

    private func pause(
        _ limits: NIOLoopBound<RedisLimits>, _ target: String, _ pause: SharedPause?
    ) async throws -> Result<SharedPause?, StoreFailure> {
        try await self.loop.flatSubmit {
            let promise = self.loop.makePromise(of: Result<SharedPause?, StoreFailure>.self)
            limits.value.pause(of: target, pause) { promise.succeed($0) }
            return promise.futureResult
        }.get()
    }

    @Test("two gateways add to one limit, which time takes down again")
    func added() async throws {
        let server = try RedisServer()
        let (one, other) = (try await self.open(server), try await self.open(server))
        #expect(try await self.report(one, added: 60_000_000) == 60_000_000)
        let both = try #require(try await self.report(other, added: 30_000_000))
        #expect((85_000_000...90_000_000).contains(both))
        let given = try #require(try await self.report(one, added: -30_000_000))
        #expect((55_000_000...60_000_000).contains(given))
        #expect(try await self.report(one, added: -90_000_000) == 0)
        #expect(try await self.report(one, added: 0) == 0)
    }

    @Test("a limit that was forgotten is what an instance knows, and never more than can be true")
    func forgotten() async throws {
        let server = try RedisServer()
        let limits = try await self.open(server)
        #expect(try await self.report(limits, added: 1_000_000, known: 9_000_000) == 10_000_000)
        #expect(try await self.report(limits, added: 0, most: 2_000_000) == 2_000_000)
        #expect(try await self.report(limits, added: 5_000_000, most: 2_000_000) == 2_000_000)
    }

    @Test("the longest pause counts, with its reason")
    func pauses() async throws {
        let server = try RedisServer()
        let (one, other) = (try await self.open(server), try await self.open(server))
        #expect(try await self.pause(one, "shop", nil) == .success(nil))
        let told = SharedPause(milliseconds: 60_000, reason: 1)
        #expect(try await self.pause(one, "shop", told) == .success(told))
        let known = try await self.pause(other, "shop", SharedPause(milliseconds: 20_000, reason: 0)).get()
        #expect(known?.reason == 1)
        #expect((55_000...60_000).contains(known?.milliseconds ?? 0))
        #expect(try await self.pause(other, "another", nil) == .success(nil))
    }

    @Test("a key that is none of ours does not count")
    func nonsense() async throws {
        let server = try RedisServer()
        let limits = try await self.open(server)
        let settings = RedisSettings(host: "127.0.0.1", port: server.port)
        let client = try await self.loop.submit {
            let client = RedisClient(settings: settings, eventLoop: self.loop) { _, _, _ in }
            client.start()
            return NIOLoopBound(client, eventLoop: self.loop)
        }.get()
        for _ in 0..<200 {
            let isSet = try await self.loop.flatSubmit {
                let promise = self.loop.makePromise(of: Bool.self)
                client.value.send(RedisCommand("SET", "product-gateway:limit:caller:shop:rate", "x")) { result in
                    if case .success = result { promise.succeed(true) } else { promise.succeed(false) }
                }
                return promise.futureResult
            }.get()
            if isSet { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try await self.report(limits, added: 1_000_000) == 1_000_000)
    }
}
