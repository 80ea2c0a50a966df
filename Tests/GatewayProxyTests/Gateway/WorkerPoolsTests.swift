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
            limits: worker.exchanges.limits)
    }

    @Test("an endpoint that is in force has one pool")
    func inForce() {
        let worker = self.fixture.worker
        #expect(worker.upstream.pool(for: self.target.endpoint) === worker.upstream.pool(for: self.target.endpoint))
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
