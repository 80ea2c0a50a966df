import Dispatch
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import GatewayProxy

@Suite("The order in which a name's addresses are tried")
struct AddressOrderTests {
    private static func arrange(_ addresses: [String], last avoided: Set<String> = []) throws -> [String] {
        let addresses = try addresses.map { try SocketAddress(ipAddress: $0, port: 1) }
        return AddressOrder.arrange(addresses, last: avoided).compactMap(\.ipAddress)
    }

    @Test("the families take turns, beginning with the one that the system prefers")
    func turns() throws {
        #expect(
            try Self.arrange(["::1", "::2", "10.0.0.1", "10.0.0.2", "::3"])
                == ["::1", "10.0.0.1", "::2", "10.0.0.2", "::3"])
        #expect(try Self.arrange(["10.0.0.1", "::1", "::2"]) == ["10.0.0.1", "::1", "::2"])
        #expect(try Self.arrange(["10.0.0.2", "10.0.0.1"]) == ["10.0.0.2", "10.0.0.1"])
        #expect(try Self.arrange([]) == [])
    }

    @Test("what has lately not answered comes last, and is still tried")
    func avoided() throws {
        #expect(
            try Self.arrange(["::1", "10.0.0.1", "10.0.0.2"], last: ["::1"]) == ["10.0.0.1", "10.0.0.2", "::1"])
        #expect(try Self.arrange(["::1"], last: ["::1"]) == ["::1"])
    }
}

@Suite("Looking names up")
struct NameLookupTests {
    /// Blocks its lookups until it is told to let them go.
    private final class Resolver: Sendable {
        let asked = Mutex<[String]>([])
        let gate = DispatchSemaphore(value: 0)

        func resolve(_ name: String) -> NameLookup.Outcome {
            self.asked.withLock { $0.append(name) }
            self.gate.wait()
            self.gate.signal()
            return .success([])
        }
    }

    @Test("a name is looked up once for all who ask meanwhile, and again afterwards")
    func shared() async {
        let resolver = Resolver()
        let lookup = NameLookup(resolve: resolver.resolve)
        let (told, continuation) = AsyncStream.makeStream(of: Void.self)
        for _ in 0..<3 { lookup.find("a.test") { _ in continuation.yield() } }
        resolver.gate.signal()
        var count = 0
        for await _ in told {
            count += 1
            if count == 3 { break }
        }
        #expect(resolver.asked.withLock { $0 } == ["a.test"])
        await withCheckedContinuation { continuation in lookup.find("a.test") { _ in continuation.resume() } }
        #expect(resolver.asked.withLock { $0 } == ["a.test", "a.test"])
    }

    @Test("the system knows localhost, and says so of names that do not exist")
    func system() async {
        let local = await withCheckedContinuation { continuation in
            NameLookup.system.find("localhost") { continuation.resume(returning: $0) }
        }
        let addresses = (try? local.get())?.compactMap(\.ipAddress) ?? []
        #expect(addresses.contains("127.0.0.1") || addresses.contains("::1"))
        let nobody = await withCheckedContinuation { continuation in
            NameLookup.system.find("nobody.invalid") { continuation.resume(returning: $0) }
        }
        #expect(throws: NameLookup.Failure.self) { try nobody.get() }
    }
}

@Suite("The addresses of a vendor")
struct UpstreamAddressesTests {
    /// What the name server says at the moment.
    private final class Zone: Sendable {
        private let state = Mutex<(addresses: [String]?, asked: Int)>((["10.0.0.1"], 0))

        var asked: Int { self.state.withLock { $0.asked } }

        /// Nil: it does not answer.
        func set(_ addresses: [String]?) { self.state.withLock { $0.addresses = addresses } }

        var lookup: NameLookup {
            NameLookup(
                resolve: { _ in
                    let addresses = self.state.withLock { state in
                        state.asked += 1
                        return state.addresses
                    }
                    guard let addresses else { return .failure(NameLookup.Failure(reason: "no answer")) }
                    return .success(addresses.compactMap { try? SocketAddress(ipAddress: $0, port: 0) })
                },
                run: { $0() })
        }
    }

    private struct Bench {
        let zone = Zone()
        let vendor = FakeVendor()
        let fixture: WorkerFixture
        let pool: UpstreamPool

        init(host: String = "vendor.test", addressLifetime: UInt64 = 3_600 * WorkerFixture.second) {
            self.fixture = WorkerFixture(vendor: self.vendor, names: self.zone.lookup)
            self.pool = UpstreamPool(
                endpoint: WorkerFixture.endpoint(host: host, addressLifetime: addressLifetime),
                environment: self.fixture.worker.upstream)
        }

        func find() -> Result<[String], AttemptFailure>? {
            var found: Result<[String], AttemptFailure>?
            self.pool.addresses.find { found = $0.map { $0.compactMap(\.ipAddress) } }
            self.fixture.loop.run()
            return found
        }

        /// A connection to an address, with nothing under way on it.
        func connect(to address: String) throws -> FakeVendor.Connection {
            let made = ToldAttempt.make(on: self.fixture.worker)
            self.pool.submit(made.attempt)
            let connection = try #require(self.vendor.accept(address: address))
            connection.answer()
            return connection
        }

        func lookUpAgain() {
            self.pool.addresses.deadlineReached()
            self.fixture.loop.run()
        }
    }

    @Test("they are looked up once in their lifetime, and again after it")
    func lifetime() {
        let bench = Bench()
        #expect(bench.find() == .success(["10.0.0.1"]))
        #expect(bench.find() == .success(["10.0.0.1"]))
        #expect(bench.zone.asked == 1)
        let short = Bench(addressLifetime: 0)
        _ = short.find()
        _ = short.find()
        #expect(short.zone.asked == 2)
    }

    @Test("an endpoint that is given by its address is never looked up", arguments: ["127.0.0.1", "::1"])
    func literal(host: String) {
        let bench = Bench(host: host)
        #expect(bench.find() == .success([host]))
        #expect(bench.zone.asked == 0)
    }

    @Test("a name that cannot be looked up says so")
    func failure() {
        let bench = Bench()
        bench.zone.set(nil)
        #expect(
            bench.find()
                == .failure(.notConnected(reason: "the name vendor.test could not be looked up (no answer)")))
        bench.zone.set(["10.0.0.9"])
        #expect(bench.find() == .success(["10.0.0.9"]))
    }

    @Test("an address that did not answer in time is tried last until the next lookup")
    func avoided() throws {
        let bench = Bench()
        bench.zone.set(["10.0.0.1", "10.0.0.2", "10.0.0.3"])
        _ = bench.find()
        let tried = try ["10.0.0.1", "10.0.0.2", "10.0.0.3"].map { try SocketAddress(ipAddress: $0, port: 1) }
        bench.pool.addresses.connected(to: "10.0.0.2", of: tried)
        #expect(bench.find() == .success(["10.0.0.2", "10.0.0.3", "10.0.0.1"]))
        _ = try bench.connect(to: "10.0.0.2")
        bench.lookUpAgain()
        #expect(bench.find() == .success(["10.0.0.1", "10.0.0.2", "10.0.0.3"]))
    }

    @Test("a connection is kept while the name has its address")
    func kept() throws {
        let bench = Bench()
        let connection = try bench.connect(to: "10.0.0.1")
        bench.zone.set(["10.0.0.2", "10.0.0.1"])
        bench.lookUpAgain()
        #expect(bench.zone.asked == 1)
        #expect(connection.stage == .ready)
        #expect(bench.vendor.pending.isEmpty)
    }

    @Test("a vendor that moves is followed: the new connection first, then the old one drained")
    func moved() throws {
        let bench = Bench()
        let old = try bench.connect(to: "10.0.0.1")
        let underWay = ToldAttempt.make(on: bench.fixture.worker)
        bench.pool.submit(underWay.attempt)
        bench.zone.set(["10.0.0.2"])
        bench.lookUpAgain()
        #expect(old.stage == .ready, "nobody waits for the new one")
        let new = try #require(bench.vendor.accept(address: "10.0.0.2"))
        #expect(old.stage == .draining)
        let next = ToldAttempt.make(on: bench.fixture.worker)
        bench.pool.submit(next.attempt)
        #expect(new.requests.count == 1)
        old.answer()
        #expect(underWay.told.answer?.status == 200)
        #expect(old.stage == .closed)
    }

    @Test("a new address that does not work costs nothing: the old connections are used, and it is tried again")
    func movedInVain() throws {
        let bench = Bench()
        let old = try bench.connect(to: "10.0.0.1")
        bench.zone.set(["10.0.0.2"])
        bench.lookUpAgain()
        bench.vendor.pending[0].fail()
        #expect(old.stage == .ready)
        bench.lookUpAgain()
        #expect(bench.vendor.pending.count == 1)
    }

    @Test("a name server that does not answer takes no connection away")
    func unanswered() throws {
        let bench = Bench()
        let connection = try bench.connect(to: "10.0.0.1")
        bench.zone.set(nil)
        bench.lookUpAgain()
        #expect(connection.stage == .ready)
        #expect(bench.pool.addresses.isScheduled, "it is asked again")
    }

    @Test("without a connection nothing is looked up again")
    func idle() throws {
        let bench = Bench()
        try bench.connect(to: "10.0.0.1").close()
        bench.lookUpAgain()
        #expect(bench.zone.asked == 0)
    }
}
