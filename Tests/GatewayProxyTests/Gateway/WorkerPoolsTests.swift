import Testing

@testable import GatewayProxy

@Suite("A worker's pools, and a reload")
struct WorkerPoolsTests {
    private let vendor = FakeVendor()
    private let target: Target
    private let fixture: WorkerFixture

    init() throws {
        self.target = try WorkerFixture.target()
        self.fixture = WorkerFixture(targets: [self.target], vendor: self.vendor)
    }

    private func reload(_ targets: [Target]) {
        let worker = self.fixture.worker
        let directory = TargetDirectory(targets: targets, defaultTarget: nil)
        worker.replace(
            targets: directory, published: PublishedDocuments(targets: directory, limits: worker.exchanges.limits),
            keySettings: KeyedRequests.Settings(), limits: worker.exchanges.limits)
    }

    @Test("an endpoint that is in force has one pool")
    func inForce() {
        let worker = self.fixture.worker
        #expect(worker.upstream.pool(for: self.target.endpoint) === worker.upstream.pool(for: self.target.endpoint))
    }

    @Test("a pool whose endpoint stays in force goes on with its connections, for new exchanges and old ones")
    func kept() throws {
        let worker = self.fixture.worker
        let old = worker.deliveries.state(of: self.target)
        let pool = old.pool
        let first = ToldAttempt.make(on: worker)
        pool.submit(first.attempt)
        let connection = try #require(self.vendor.accept())
        let target = Self.target(like: self.target, name: self.target.name)
        self.reload([target])
        #expect(connection.stage == .ready)
        #expect(worker.deliveries.state(of: target).pool === pool)
        #expect(old.pool === pool)
        connection.answer()
        #expect(first.told.answer?.status == 200)
        #expect(connection.stage == .ready)
    }

    @Test("a pool that is another target's from now on is made anew, so that its numbers are that target's")
    func renamed() throws {
        let worker = self.fixture.worker
        let pool = worker.upstream.pool(for: self.target.endpoint)
        let first = ToldAttempt.make(on: worker)
        pool.submit(first.attempt)
        let connection = try #require(self.vendor.accept())
        self.reload([Self.target(like: self.target, name: "other")])
        #expect(connection.stage == .draining)
        #expect(worker.upstream.pool(for: self.target.endpoint) !== pool)
        connection.answer()
        #expect(first.told.answer?.status == 200)
    }

    /// As a reload makes one that shares the endpoint.
    private static func target(like other: Target, name: String) -> Target {
        Target(
            name: name, index: 0, plan: other.plan, endpoint: other.endpoint, baseURL: other.baseURL,
            basePath: other.basePath, credentials: other.credentials, timeouts: other.timeouts,
            retryPolicy: other.retryPolicy)
    }

    @Test("what began before a reload still reaches its vendor, and the worker keeps nothing of that")
    func replaced() throws {
        let worker = self.fixture.worker
        let state = worker.deliveries.state(of: self.target)
        self.reload([try WorkerFixture.target()])
        weak var pool: UpstreamPool?
        let told: ToldAttempt
        do {
            let made = ToldAttempt.make(on: worker)
            told = made.told
            let old = worker.upstream.pool(for: self.target.endpoint)
            #expect(worker.upstream.pool(for: self.target.endpoint) !== old, "nobody else is to find it")
            old.submit(made.attempt)
            pool = old
        }
        let connection = try #require(self.vendor.accept())
        #expect(connection.stage == .draining, "nobody comes after it")
        connection.answer()
        #expect(told.answer?.status == 200)
        #expect(connection.stage == .closed)
        #expect(pool?.connections.isEmpty != false)
        // An exchange that goes on finds the same pool with each attempt, and a new connection for each.
        let again = ToldAttempt.make(on: worker)
        state.pool.submit(again.attempt)
        #expect(state.pool === state.pool)
        try #require(self.vendor.accept()).answer()
        #expect(again.told.answer?.status == 200)
    }
}
