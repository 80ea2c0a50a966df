import Glibc
import NIOCore
import NIOPosix
import Testing

@testable import GatewayProxy

@Suite("Dialling a vendor over sockets")
struct SocketDialTests {
    /// A vendor on loopback that accepts and says nothing, and a pool whose name server is the test's.
    private final class Bench: Sendable {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let listener: any Channel
        let pool: NIOLoopBound<UpstreamPool>
        /// The pool does not hold its worker.
        let worker: NIOLoopBound<Worker>

        var port: Int { self.listener.localAddress?.port ?? 0 }

        init(_ addresses: [String], connectSeconds: UInt64 = 10) async throws {
            self.listener = try await ServerBootstrap(group: self.group).bind(host: "127.0.0.1", port: 0).get()
            let port = self.listener.localAddress?.port ?? 0
            let names = NameLookup { _ in
                .success(addresses.compactMap { try? SocketAddress(ipAddress: $0, port: 0) })
            }
            let loop = self.group.next()
            (self.worker, self.pool) = try await loop.submit {
                let worker = WorkerFixture.makeWorker(on: loop, names: names)
                let pool = UpstreamPool(
                    endpoint: UpstreamEndpoint(
                        host: "vendor.test", port: port, tls: nil, versions: [.http1],
                        connectTimeoutNanoseconds: connectSeconds * WorkerFixture.second,
                        idleTimeoutNanoseconds: 60 * WorkerFixture.second,
                        pingIntervalNanoseconds: 60 * WorkerFixture.second,
                        addressLifetimeNanoseconds: 60 * WorkerFixture.second, connectionsMax: 1,
                        http1ConnectionsMax: 1, streamsMax: 1, queueMax: 10,
                        queueTimeoutNanoseconds: 60 * WorkerFixture.second),
                    environment: worker.upstream)
                return (NIOLoopBound(worker, eventLoop: loop), NIOLoopBound(pool, eventLoop: loop))
            }.get()
        }

        /// Has the pool dial; how it went.
        func dial() async throws -> AttemptFailure? {
            let loop = self.pool.eventLoop
            let told = try await loop.submit {
                let made = ToldAttempt.make(on: self.worker.value)
                self.pool.value.submit(made.attempt)
                return NIOLoopBound(made.told, eventLoop: loop)
            }.get()
            while true {
                let (isOver, failure) = try await loop.submit {
                    (!self.pool.value.connections.isEmpty || !told.value.results.isEmpty, told.value.failure)
                }.get()
                if isOver { return failure }
                try await Task.sleep(for: .milliseconds(5))
            }
        }

        /// In which order the next dial would try the addresses.
        func order() async throws -> [String] {
            let loop = self.pool.eventLoop
            return try await loop.submit {
                var order: [String] = []
                self.pool.value.addresses.find { order = (try? $0.get())?.compactMap(\.ipAddress) ?? [] }
                return order
            }.get()
        }

        func stop() async throws {
            try await self.pool.eventLoop.submit {
                self.pool.value.drain()
                self.worker.value.close()
            }.get()
            try await self.listener.close().get()
            try await self.group.shutdownGracefully()
        }
    }

    /// An address of loopback that takes no connection and refuses none: its queue of connections is full.
    private struct DeadAddress {
        private let descriptors: [Int32]

        init(_ ip: String, port: Int) {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            inet_pton(AF_INET, ip, &address.sin_addr)
            let kind = Int32(SOCK_STREAM.rawValue)
            func call(_ function: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32, _ descriptor: Int32) {
                withUnsafePointer(to: &address) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        _ = function(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                    }
                }
            }
            let listener = socket(AF_INET, kind, 0)
            call(bind, listener)
            listen(listener, 0)
            var descriptors = [listener]
            for _ in 0..<4 {
                let client = socket(AF_INET, kind | Int32(SOCK_NONBLOCK.rawValue), 0)
                call(connect, client)
                descriptors.append(client)
            }
            self.descriptors = descriptors
        }

        func close() { for descriptor in self.descriptors { _ = Glibc.close(descriptor) } }
    }

    @Test("an address that does not answer costs its delay, and is not waited for again")
    func dead() async throws {
        let bench = try await Bench(["127.0.0.2", "127.0.0.1"])
        let dead = DeadAddress("127.0.0.2", port: bench.port)
        let clock = ContinuousClock()
        let before = clock.now
        #expect(try await bench.dial() == nil)
        // The connect time-out is ten seconds; the next address has its turn after a quarter of one.
        #expect(clock.now - before < .seconds(5))
        #expect(try await bench.order() == ["127.0.0.1", "127.0.0.2"])
        dead.close()
        try await bench.stop()
    }

    @Test("an address that refuses costs nothing")
    func refused() async throws {
        let bench = try await Bench(["127.0.0.2", "127.0.0.3", "127.0.0.1"])
        #expect(try await bench.dial() == nil)
        #expect(try await bench.order() == ["127.0.0.1", "127.0.0.2", "127.0.0.3"])
        try await bench.stop()
    }

    @Test("addresses of the other family are tried as well")
    func families() async throws {
        // Nobody listens on ::1.
        let bench = try await Bench(["::1", "127.0.0.1"])
        #expect(try await bench.dial() == nil)
        #expect(try await bench.order() == ["127.0.0.1", "::1"])
        try await bench.stop()
    }

    @Test("where no address answers in time, that is said")
    func timeout() async throws {
        let bench = try await Bench(["127.0.0.2"], connectSeconds: 1)
        let dead = DeadAddress("127.0.0.2", port: bench.port)
        #expect(try await bench.dial() == .notConnected(reason: "the connection took too long"))
        dead.close()
        try await bench.stop()
    }

    @Test("where every address refuses, that is said")
    func allRefused() async throws {
        let bench = try await Bench(["127.0.0.2"])
        guard case .notConnected(let reason)? = try await bench.dial() else {
            Issue.record("it was connected")
            return
        }
        #expect(reason.lowercased().contains("refused"))
        try await bench.stop()
    }
}
