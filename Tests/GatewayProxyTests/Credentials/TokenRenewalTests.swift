import Synchronization
import Testing

@testable import GatewayProxy

@Suite("Asking a token endpoint")
struct TokenRenewalTests {
    /// A source whose token somebody waits for, and its endpoint in the test's hand.
    private struct Bench {
        let vendor = FakeVendor()
        let fixture: WorkerFixture
        let source: OAuth2TokenSource
        let told = Told()

        final class Told: Sendable {
            private let state = Mutex<[OAuth2TokenSource.Outcome]>([])
            var outcomes: [OAuth2TokenSource.Outcome] { self.state.withLock { $0 } }
            func take(_ outcome: OAuth2TokenSource.Outcome) { self.state.withLock { $0.append(outcome) } }
        }

        init() throws {
            self.source = OAuth2TokenSource(
                endpoint: WorkerFixture.endpoint(host: "tokens.test"),
                request: OAuth2TokenRequest(
                    style: .form, path: Array("/token".utf8), clientID: Array("us".utf8),
                    clientSecret: Array("s3cret".utf8), scope: nil),
                renewalMarginNanoseconds: 0)
            let target = try WorkerFixture.target(credentials: .oauth2(self.source))
            self.fixture = WorkerFixture(targets: [target], vendor: self.vendor)
            let told = self.told
            _ = self.source.acquire(
                now: self.fixture.worker.upstream.clock.now(), queue: ObjectIdentifier(self.vendor)
            ) { { told.take($0) } }
            self.fixture.worker.deliveries.renewToken(of: self.source)
        }

        func accept() throws -> FakeVendor.Connection { try #require(self.vendor.accept()) }

        var failure: TokenFailure? {
            if case .failure(let failure)? = self.told.outcomes.first { failure } else { nil }
        }
    }

    @Test("the request is the source's, and the token goes to everybody who waits")
    func success() throws {
        let bench = try Bench()
        let endpoint = try bench.accept()
        #expect(endpoint.requests.count == 1)
        #expect(endpoint.requests[0].method == "POST")
        #expect(String(decoding: endpoint.requests[0].content.path, as: UTF8.self) == "/token")
        endpoint.answer(200, body: #"{"access_token":"abc","expires_in":60}"#)
        #expect(bench.told.outcomes.count == 1)
        #expect(try bench.told.outcomes[0].get().authorization == Array("Bearer abc".utf8))
    }

    @Test(
        "a connection that went away under the request is worth a second try, and no third",
        arguments: [AttemptFailure.refused, .endedWithoutAnswer(reason: "closed")])
    func again(failure: AttemptFailure) throws {
        let bench = try Bench()
        let endpoint = try bench.accept()
        endpoint.end(failure)
        #expect(endpoint.requests.count == 2)
        #expect(bench.told.outcomes.isEmpty)
        endpoint.end(failure)
        #expect(endpoint.requests.count == 2)
        #expect(bench.failure == .unavailable(failure))
    }

    @Test(
        "what else goes wrong is told at once: the exchanges that wait have little time",
        arguments: [
            AttemptFailure.timedOut, .answerCutShort(status: 200, reason: "closed"), .answerTooLarge(status: 200),
        ])
    func noSecondTry(failure: AttemptFailure) throws {
        let bench = try Bench()
        let endpoint = try bench.accept()
        endpoint.end(failure)
        #expect(endpoint.requests.count == 1)
        #expect(bench.failure == .unavailable(failure))
    }

    @Test("an endpoint that cannot be reached is not dialled again by itself")
    func unreachable() throws {
        let bench = try Bench()
        try #require(bench.vendor.pending.first).fail(.notTrusted(reason: "expired"))
        #expect(bench.failure == .unavailable(.notTrusted(reason: "expired")))
        #expect(bench.vendor.pending.isEmpty)
    }

    @Test(
        "an answer that is no token is told for what it is",
        arguments: [
            (401, "{}", TokenFailure.rejected(status: 401)), (503, "{}", .vendorError(status: 503)),
            (200, "<html>", .unintelligible(reason: "the token answer is not JSON")),
        ])
    func noToken(status: Int, body: String, expected: TokenFailure) throws {
        let bench = try Bench()
        try bench.accept().answer(status, body: body)
        #expect(bench.failure == expected)
    }

    /// What somebody who asks now is told.
    private func decision(_ bench: Bench) -> OAuth2TokenSource.Decision {
        bench.source.acquire(
            now: bench.fixture.worker.upstream.clock.now(), queue: ObjectIdentifier(bench.vendor)
        ) { { _ in } }
    }

    @Test("after a failure that may pass at once the next that asks renews again, and has one try")
    func afterFailure() throws {
        let bench = try Bench()
        let endpoint = try bench.accept()
        endpoint.answer(503)
        #expect(self.decision(bench) == .renew(afterNanoseconds: 0))
        bench.fixture.worker.deliveries.renewToken(of: bench.source)
        endpoint.end(.refused)
        #expect(endpoint.requests.count == 2)
        guard case .fail(.unavailable(.refused), let pause) = self.decision(bench) else {
            Issue.record("asked again")
            return
        }
        #expect(pause <= 1_500_000_000)
    }

    @Test(
        "the endpoint's Retry-After is kept, in seconds or as a date",
        arguments: [429, 503, 400], ["90", "Fri, 31 Dec 9999 23:59:59 GMT", "soon"])
    func retryAfter(status: Int, value: String) throws {
        let bench = try Bench()
        try bench.accept().answer(status, retryAfter: value)
        let decision = self.decision(bench)
        switch value {
        case "soon":
            if status == 503 {
                #expect(decision == .renew(afterNanoseconds: 0))
            } else {
                guard case .fail(_, let pause) = decision else { throw Unexpected() }
                #expect(pause <= 1_500_000_000)
            }
        default:
            guard case .fail(_, let pause) = decision else { throw Unexpected() }
            let seconds: UInt64 = value == "90" ? 90 : 3_600
            #expect(((seconds - 2) * 1_000_000_000...(seconds + 1) * 1_000_000_000).contains(pause))
        }
    }

    private struct Unexpected: Error {}

    @Test("a renewal that has to wait is not sent before its time")
    func later() throws {
        let bench = try Bench()
        let endpoint = try bench.accept()
        endpoint.answer(200, body: #"{"access_token":"abc","expires_in":3600}"#)
        let now = bench.fixture.worker.upstream.clock.now()
        #expect(bench.source.refused(generation: 1, now: now, random: 0) == .tryAgain)
        guard case .renew(let pause) = self.decision(bench), pause > 0 else { throw Unexpected() }
        let renewal = TokenRenewal(source: bench.source, environment: bench.fixture.worker.upstream)
        renewal.start(after: pause)
        #expect(renewal.isScheduled)
        #expect(endpoint.requests.count == 1)
        renewal.deadlineReached()
        #expect(endpoint.requests.count == 2)
    }
}
