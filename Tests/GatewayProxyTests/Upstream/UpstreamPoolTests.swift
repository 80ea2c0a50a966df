import Testing

@testable import GatewayProxy

@Suite("A pool of connections to a vendor")
struct UpstreamPoolTests {
    /// A pool whose vendor is in the test's hand.
    private struct Bench {
        let vendor = FakeVendor()
        let fixture: WorkerFixture
        let pool: UpstreamPool

        init(
            streamsMax: Int = 2, connectionsMax: Int = 2, http1ConnectionsMax: Int = 3, queueMax: Int = 10,
            versions: [UpstreamVersion] = [.http2, .http1]
        ) {
            self.fixture = WorkerFixture(vendor: self.vendor)
            self.pool = UpstreamPool(
                endpoint: WorkerFixture.endpoint(
                    streamsMax: streamsMax, connectionsMax: connectionsMax,
                    http1ConnectionsMax: http1ConnectionsMax, queueMax: queueMax, versions: versions),
                environment: self.fixture.worker.upstream)
        }

        func submit() -> (told: ToldAttempt, attempt: Attempt) {
            let made = ToldAttempt.make(on: self.fixture.worker)
            self.pool.submit(made.attempt)
            return made
        }

        func submit(_ count: Int) -> [ToldAttempt] { (0..<count).map { _ in self.submit().told } }
    }

    @Test("attempts that come while the first connection is made share it")
    func sharedDial() throws {
        let bench = Bench(streamsMax: 10)
        let told = bench.submit(5)
        #expect(bench.vendor.pending.count == 1)
        let connection = try #require(bench.vendor.accept(10))
        #expect(connection.requests.count == 5)
        for _ in told { connection.answer() }
        #expect(told.allSatisfy { $0.answer?.status == 200 })
        #expect(bench.vendor.dials.count == 1)
    }

    @Test("another connection is dialled only when all are full, up to the limit, and the rest waits its turn")
    func limit() throws {
        let bench = Bench(streamsMax: 2, connectionsMax: 2)
        let told = bench.submit(6)
        let first = try #require(bench.vendor.accept(2))
        #expect(first.attempts.count == 2)
        let second = try #require(bench.vendor.accept(2))
        #expect(second.attempts.count == 2)
        #expect(bench.vendor.pending.isEmpty, "two are as many as allowed")
        second.answer()
        #expect(second.attempts.count == 2, "the first that waits takes the free stream")
        #expect(told[4].results.isEmpty)
        first.answer()
        first.answer()
        #expect(first.requests.count == 3)
        #expect(told.count { $0.answer != nil } == 3)
    }

    @Test("a full queue takes no more, and nothing is sent")
    func fullQueue() throws {
        let bench = Bench(streamsMax: 1, connectionsMax: 1, queueMax: 2)
        let told = bench.submit(3)
        #expect(told[2].failure == .queueFull)
        let connection = try #require(bench.vendor.accept(1))
        let more = bench.submit(2)
        #expect(more[0].results.isEmpty)
        #expect(more[1].failure == .queueFull)
        #expect(connection.requests.count == 1)
    }

    @Test("whoever waits for a busy connection waits for a limited time, whoever waits for a dial has its own")
    func queueTime() throws {
        let bench = Bench(streamsMax: 1, connectionsMax: 1)
        let first = bench.submit()
        let second = bench.submit()
        // The dial is for one stream: the second waits for the first to be over.
        second.attempt.deadlineReached()
        #expect(second.told.failure == .queueTimedOut)
        first.attempt.deadlineReached()
        #expect(first.told.failure == .timedOutBeforeSending)
        let third = bench.submit()
        _ = try #require(bench.vendor.accept(1))
        let fourth = bench.submit()
        fourth.attempt.deadlineReached()
        #expect(fourth.told.failure == .queueTimedOut)
        #expect(third.told.results.isEmpty)
    }

    @Test("whoever has waited for a dial in vain waits for the busy connections from then on")
    func dialInVain() throws {
        let bench = Bench(streamsMax: 1, connectionsMax: 2)
        _ = bench.submit()
        _ = try #require(bench.vendor.accept(1))
        let second = bench.submit()
        bench.vendor.pending[0].fail()
        second.attempt.deadlineReached()
        #expect(second.told.failure == .queueTimedOut)
    }

    @Test("one whose time is over is not sent, though a connection comes before its deadline is told")
    func overdue() throws {
        let bench = Bench(streamsMax: 1, connectionsMax: 1)
        let late = bench.submit()
        bench.fixture.worker.deadlines.schedule(late.attempt, at: 1)
        let clock = bench.fixture.worker.upstream.clock
        clock.timePassed(to: clock.hold() + WorkerFixture.second)
        defer { clock.release() }
        let connection = try #require(bench.vendor.accept(1))
        #expect(late.told.failure == .timedOutBeforeSending)
        #expect(connection.requests.isEmpty)
    }

    @Test("one that has left the queue is not sent")
    func left() throws {
        let bench = Bench()
        let made = bench.submit()
        #expect(made.attempt.abandonIfWaiting())
        let connection = try #require(bench.vendor.accept())
        #expect(connection.requests.isEmpty)
    }

    @Test("when the only connection cannot be made, those who wait are told why, once")
    func dialFails() throws {
        let bench = Bench()
        let told = bench.submit(3)
        bench.vendor.pending[0].fail(.notTrusted(reason: "expired"))
        #expect(told.allSatisfy { $0.failure == .notTrusted(reason: "expired") && $0.results.count == 1 })
        #expect(bench.vendor.pending.isEmpty, "dialling again is up to their retries")
        // A new attempt dials at once.
        _ = bench.submit()
        #expect(bench.vendor.pending.count == 1)
    }

    @Test("a dial that fails while others work is repeated after a pause, not at once")
    func pause() throws {
        let bench = Bench(streamsMax: 1, connectionsMax: 3)
        let told = bench.submit(2)
        let connection = try #require(bench.vendor.accept(1))
        bench.vendor.pending[0].fail()
        #expect(told[1].results.isEmpty, "it waits for the connection that works")
        #expect(bench.vendor.pending.isEmpty)
        _ = bench.submit()
        #expect(bench.vendor.pending.isEmpty)
        #expect(bench.pool.isScheduled)
        // The pause is over.
        bench.fixture.worker.deadlines.cancel(bench.pool)
        bench.pool.deadlineReached()
        #expect(bench.vendor.pending.count == 1)
        connection.answer()
        #expect(told[0].answer != nil)
        #expect(connection.requests.count == 2)
    }

    @Test("a connection that is closed gives its place to a new one, for those who wait")
    func closed() throws {
        let bench = Bench(streamsMax: 1, connectionsMax: 1)
        let told = bench.submit(2)
        let connection = try #require(bench.vendor.accept(1))
        connection.close()
        #expect(told[0].failure == .endedWithoutAnswer(reason: "the connection was closed"))
        let next = try #require(bench.vendor.accept(1))
        next.answer()
        #expect(told[1].answer?.status == 200)
    }

    @Test("a connection on which an attempt has timed out gets no new ones, another is dialled")
    func suspect() throws {
        let bench = Bench(streamsMax: 10, connectionsMax: 2)
        let first = bench.submit()
        let connection = try #require(bench.vendor.accept(10))
        first.attempt.deadlineReached()
        #expect(connection.isSuspect)
        _ = bench.submit()
        #expect(bench.vendor.pending.count == 1)
    }

    @Test("after a time-out over HTTP/1.1 what has been idle for longer is closed, what has answered since is kept")
    func idleAfterTimeout() throws {
        let bench = Bench(http1ConnectionsMax: 4)
        _ = bench.submit(4)
        let connections = try (0..<4).map { _ in try #require(bench.vendor.accept(version: .http1)) }
        for connection in connections { connection.answer() }
        connections[0].idle = 100
        connections[1].idle = 99
        connections[2].idle = 101
        bench.pool.closeIdle(since: 100)
        #expect(connections.map(\.stage) == [.ready, .closed, .ready, .ready])
        #expect(bench.pool.connections.count == 3)
    }

    @Test("over HTTP/1.1 each that waits gets a connection of its own, up to its own limit")
    func http1() throws {
        let bench = Bench(http1ConnectionsMax: 3)
        let told = bench.submit(5)
        #expect(bench.vendor.pending.count == 1, "nobody knows yet what the vendor speaks")
        let first = try #require(bench.vendor.accept(version: .http1))
        #expect(bench.vendor.pending.count == 2)
        let second = try #require(bench.vendor.accept(version: .http1))
        _ = try #require(bench.vendor.accept(version: .http1))
        #expect(bench.vendor.pending.isEmpty)
        first.answer()
        second.answer()
        #expect(first.requests.count == 2)
        #expect(second.requests.count == 2)
        #expect(told.count { $0.answer != nil } == 2)
        #expect(bench.vendor.dials.count == 3)
    }

    @Test("where HTTP/1.1 is all that is allowed, nobody waits for another's dial")
    func http1Only() {
        let bench = Bench(http1ConnectionsMax: 3, versions: [.http1])
        _ = bench.submit(5)
        #expect(bench.vendor.pending.count == 3)
    }

    @Test("a drained pool closes what is idle, finishes what is not, and dials no more for nobody")
    func drain() throws {
        let bench = Bench(streamsMax: 1)
        let told = bench.submit(2)
        let connection = try #require(bench.vendor.accept(1))
        bench.pool.drain()
        #expect(connection.stage == .draining)
        let last = try #require(bench.vendor.accept(1))
        connection.answer()
        #expect(connection.stage == .closed)
        last.answer()
        #expect(last.stage == .closed)
        #expect(told.allSatisfy { $0.answer != nil }, "what waited is served")
        #expect(bench.pool.connections.isEmpty)
    }
}
