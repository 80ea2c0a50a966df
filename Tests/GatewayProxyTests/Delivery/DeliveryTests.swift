import GatewayTranslation
import NIOCore
import Testing

@testable import GatewayProxy

@Suite("A target's part of an exchange")
struct DeliveryTests {
    /// Whoever gave the order, and hears how often it was told.
    private final class Orderer: DeliveryDelegate {
        private(set) var finishedCount = 0
        func traceForAttempt() -> SentTrace {
            var random = SeededGenerator(seed: 1)
            return SentTrace(TraceContext(from: &random), from: &random)
        }
        func deliveryFinished(_: Delivery) { self.finishedCount += 1 }
    }

    /// One delivery, its vendor in the test's hand.
    private struct Bench {
        let vendor = FakeVendor()
        let fixture: WorkerFixture
        let target: Target
        let orderer = Orderer()
        let delivery: Delivery

        init(
            _ operation: ProductOperation = .update, attemptsMax: Int = 3, credentials: Credentials = .none,
            replaces: Bool = false, totalSeconds: UInt64 = 3_600, ifMatch: ((String) -> Bool)? = nil
        ) throws {
            var options = TargetOptions()
            options.updateSemantics = replaces ? .replace : .partial
            self.target = Target(
                name: "catalogue", index: 0,
                plan: try TargetPlan(
                    targetName: "catalogue", dialect: Dialect(named: "catalogue"), options: options),
                endpoint: WorkerFixture.endpoint(), baseURL: "http://vendor.test:8080", basePath: [],
                credentials: credentials,
                timeouts: Target.Timeouts(
                    attemptNanoseconds: 3_600 * WorkerFixture.second,
                    totalNanoseconds: totalSeconds * WorkerFixture.second),
                retryPolicy: RetryPolicy(
                    attemptsMax: attemptsMax, pauseNanoseconds: 10 * WorkerFixture.second,
                    pauseNanosecondsMax: 10 * WorkerFixture.second))
            self.fixture = WorkerFixture(targets: [self.target], vendor: self.vendor)
            self.delivery = Delivery(
                DeliveryOrder(
                    operation: operation, productID: operation == .update ? Array("p-1".utf8) : nil,
                    requestID: .none, handling: nil, isDryRun: false,
                    ifMatch: ifMatch, isForSeveral: false, isForOneWholeAnswer: true),
                to: self.target, environment: self.fixture.worker.deliveries, delegate: self.orderer)
            self.delivery.translate(Array(#"{"name":"x"}"#.utf8))
            self.delivery.send()
        }

        /// A connection to whatever was dialled first.
        func accept() throws -> FakeVendor.Connection { try #require(self.vendor.accept()) }

        /// The pause before a retry is over.
        func resume() {
            self.fixture.worker.deadlines.cancel(self.delivery)
            self.delivery.deadlineReached()
        }

        var problem: Problem? {
            if case .problem(let problem)? = self.delivery.result { problem } else { nil }
        }
        var isDone: Bool { self.delivery.resultKind != .none }
        var isProduct: Bool { self.delivery.resultKind == .success }
    }

    private static let product = #"{"id":"p-1","name":"x"}"#

    @Test("an answer is folded, and one attempt was enough")
    func success() throws {
        let bench = try Bench()
        let connection = try bench.accept()
        #expect(connection.requests[0].method == "PUT")
        #expect(String(decoding: connection.requests[0].content.path, as: UTF8.self) == "/catalogue/products/p-1")
        connection.answer(200, body: Self.product)
        #expect(bench.isProduct)
        #expect(bench.delivery.attemptsMade == 1)
        #expect(!bench.delivery.mayHaveActed)
    }

    @Test("what the vendor has refused unseen is sent again, an update and a create", arguments: [true, false])
    func refused(isUpdate: Bool) throws {
        let bench = try Bench(isUpdate ? .update : .create)
        let connection = try bench.accept()
        connection.end(.refused)
        #expect(!bench.isDone)
        #expect(bench.delivery.isScheduled, "after a pause")
        #expect(connection.attempts.isEmpty)
        bench.resume()
        #expect(connection.requests.count == 2)
        connection.answer(isUpdate ? 200 : 201, body: Self.product)
        #expect(bench.isProduct)
        #expect(bench.delivery.attemptsMade == 2)
    }

    @Test("an update that was sent and not answered is sent again, a create is not")
    func unanswered() throws {
        let update = try Bench(.update)
        let connection = try update.accept()
        connection.end(.endedWithoutAnswer(reason: "closed"))
        #expect(!update.isDone)
        #expect(update.delivery.mayHaveActed)
        update.resume()
        connection.answer(200, body: Self.product)
        #expect(update.isProduct)

        let create = try Bench(.create)
        try create.accept().end(.endedWithoutAnswer(reason: "closed"))
        #expect(create.problem?.code == .vendorUnreachable)
        #expect(create.problem?.outcome == .unknown)
        #expect(create.problem?.isRetryable == false)
        #expect(create.delivery.attemptsMade == 1)
    }

    @Test("what may have gone out once stays unknown, whatever becomes of the retries")
    func staysUnknown() throws {
        let bench = try Bench(attemptsMax: 2)
        let connection = try bench.accept()
        connection.end(.endedWithoutAnswer(reason: "closed"))
        connection.close()
        bench.resume()
        try #require(bench.vendor.pending.first).fail()
        #expect(bench.problem?.outcome == .unknown)
        #expect(bench.problem?.detail.contains("An earlier attempt") == true)
        #expect(bench.delivery.attemptsMade == 2)
    }

    @Test("there are as many attempts as configured, and the last failure is told", arguments: [1, 2, 4])
    func attempts(attemptsMax: Int) throws {
        let bench = try Bench(attemptsMax: attemptsMax)
        for number in 1...attemptsMax {
            try #require(bench.vendor.pending.first).fail(.notConnected(reason: "refused \(number)"))
            if number < attemptsMax { bench.resume() }
        }
        #expect(bench.delivery.attemptsMade == attemptsMax)
        #expect(bench.problem?.outcome == .notSent)
        #expect(bench.problem?.detail.contains("refused \(attemptsMax)") == true)
    }

    @Test(
        "what would not go better, or may still be at work, is not repeated",
        arguments: [
            (AttemptFailure.timedOut, ProblemCode.vendorTimeout, Outcome.unknown),
            (.answerCutShort(status: 200, reason: "closed"), .vendorUnintelligible, .unknown),
            (.answerTooLarge(status: 200), .vendorUnintelligible, .unknown),
            (.queueFull, .overloaded, .notSent),
        ])
    func final(failure: AttemptFailure, code: ProblemCode, outcome: Outcome) throws {
        let bench = try Bench()
        try bench.accept().end(failure)
        #expect(bench.problem?.code == code)
        #expect(bench.problem?.outcome == outcome)
        #expect(bench.delivery.attemptsMade == 1)
    }

    @Test("a vendor's own failure is its answer, and is not repeated", arguments: [500, 503, 429])
    func vendorFailure(status: Int) throws {
        let bench = try Bench()
        try bench.accept().answer(status, body: "{}")
        #expect(bench.problem != nil)
        #expect(bench.delivery.attemptsMade == 1)
        #expect(bench.delivery.vendorStatus == status)
    }

    @Test("a retry for which there is no time left is not made")
    func noTimeLeft() throws {
        // Pauses are up to ten seconds long; a random one of nearly nothing is possible, one of exactly that is not.
        let bench = try Bench(totalSeconds: 0)
        try #require(bench.vendor.pending.first).fail()
        #expect(bench.problem?.outcome == .notSent)
        #expect(bench.delivery.attemptsMade == 1)
    }

    @Test("a vendor that replaces is read first; a read that fails has changed nothing")
    func reading() throws {
        let bench = try Bench(attemptsMax: 1, replaces: true)
        let connection = try bench.accept()
        #expect(connection.requests[0].method == "GET")
        connection.end(.endedWithoutAnswer(reason: "closed"))
        #expect(bench.problem?.outcome == .notSent)
        #expect(bench.problem?.detail.contains("this attempt changed nothing") == true)
        #expect(!bench.delivery.mayHaveActed)
    }

    @Test("reading and writing have their tries each")
    func readingAndWriting() throws {
        let bench = try Bench(attemptsMax: 2, replaces: true)
        let connection = try bench.accept()
        connection.end(.refused)
        bench.resume()
        connection.answer(200, body: #"{"id":"p-1","name":"old","description":"kept"}"#)
        #expect(connection.requests.count == 3)
        #expect(String(decoding: connection.requests[2].body, as: UTF8.self).contains("kept"))
        connection.end(.refused)
        bench.resume()
        // What was merged may be older than somebody else's change by now.
        #expect(connection.requests[3].method == "GET")
        connection.answer(200, body: #"{"id":"p-1","name":"old","description":"changed meanwhile"}"#)
        #expect(String(decoding: connection.requests[4].body, as: UTF8.self).contains("changed meanwhile"))
        connection.answer(200, body: Self.product)
        #expect(bench.isProduct)
        #expect(bench.delivery.attemptsMade == 5)
    }

    @Test("a product that somebody else has changed since it was read is read again")
    func changedMeanwhile() throws {
        let bench = try Bench(replaces: true)
        let connection = try bench.accept()
        connection.answer(200, body: #"{"id":"p-1","name":"old"}"#, etag: "\"1\"")
        connection.answer(412)
        #expect(connection.requests[2].method == "GET")
        connection.answer(200, body: #"{"id":"p-1","name":"old","description":"theirs"}"#, etag: "\"2\"")
        #expect(connection.requests[3].content.headers.contains { $0 == ("if-match", "\"2\"") })
        #expect(String(decoding: connection.requests[3].body, as: UTF8.self).contains("theirs"))
        connection.answer(200, body: Self.product)
        #expect(bench.isProduct)
    }

    @Test("a caller's If-Match is held against the version that was read, before anything is written")
    func condition() throws {
        let met = try Bench(replaces: true, ifMatch: { $0 == "\"1\"" })
        let connection = try met.accept()
        connection.answer(200, body: #"{"id":"p-1","name":"old"}"#, etag: "\"1\"")
        connection.answer(200, body: Self.product, etag: "\"2\"")
        #expect(met.isProduct)
        #expect(met.delivery.entityTag == "\"2\"")

        let changed = try Bench(replaces: true, ifMatch: { $0 == "\"1\"" })
        try changed.accept().answer(200, body: #"{"id":"p-1","name":"old"}"#, etag: "\"2\"")
        #expect(changed.problem?.code == .preconditionFailed)
        #expect(changed.problem?.outcome == .notSent)
        #expect(changed.delivery.attemptsMade == 1)

        let versionless = try Bench(replaces: true, ifMatch: { $0 == "\"1\"" })
        try versionless.accept().answer(200, body: #"{"id":"p-1","name":"old"}"#)
        #expect(versionless.problem?.code == .unsupportedHeader)
    }

    @Test("updates of one product at a vendor that replaces wait for each other")
    func turns() throws {
        let bench = try Bench(replaces: true)
        let second = Delivery(
            DeliveryOrder(
                operation: .update, productID: Array("p-1".utf8), requestID: .none, handling: nil, isDryRun: false,
                ifMatch: nil, isForSeveral: false, isForOneWholeAnswer: true),
            to: bench.target, environment: bench.fixture.worker.deliveries, delegate: bench.orderer)
        second.translate(Array(#"{"description":"y"}"#.utf8))
        second.send()
        let connection = try bench.accept()
        #expect(connection.requests.count == 1)
        connection.answer(200, body: #"{"id":"p-1","name":"old"}"#)
        connection.answer(200, body: Self.product)
        #expect(bench.isProduct)
        bench.fixture.loop.run()
        #expect(connection.requests.count == 3)
        #expect(connection.requests[2].method == "GET")
        second.cut()
        #expect(bench.fixture.worker.deliveries.turns.countForTesting == 0)
        #expect(bench.orderer.finishedCount == 2)
    }

    @Test("a token that is refused is renewed once and the request sent once more")
    func tokenRefused() throws {
        let source = OAuth2TokenSource(
            endpoint: WorkerFixture.endpoint(host: "tokens.test"),
            request: OAuth2TokenRequest(
                style: .form, path: Array("/token".utf8), clientID: [1], clientSecret: [2], scope: nil),
            renewalMarginNanoseconds: 0)
        // Old enough that its refusal is worth another one at once.
        let issuedAt = NIODeadline.now().uptimeNanoseconds - 10 * WorkerFixture.second
        source.renewed(accessToken: Array("one".utf8), lifetimeSeconds: 3_600, now: issuedAt)
        let bench = try Bench(credentials: .oauth2(source))
        let products = try bench.accept()
        #expect(products.requests[0].authorization == Array("Bearer one".utf8))
        products.answer(401)
        let tokens = try bench.accept()
        #expect(tokens.requests.count == 1)
        tokens.answer(200, body: #"{"access_token":"two","expires_in":3600}"#)
        bench.fixture.loop.run()
        #expect(products.requests[1].authorization == Array("Bearer two".utf8))
        products.answer(401)
        #expect(bench.problem?.code == .vendorCredentialsRejected)
        #expect(products.requests.count == 2)
        #expect(tokens.requests.count == 1)
    }

    @Test("when the caller goes, what is not sent is not sent, and what is sent is finished")
    func abandoned() throws {
        let waiting = try Bench()
        waiting.delivery.abandonIfNotSent()
        #expect(!waiting.isDone)
        #expect(try waiting.accept().requests.isEmpty)

        let sent = try Bench()
        let connection = try sent.accept()
        sent.delivery.abandonIfNotSent()
        connection.answer(200, body: Self.product)
        #expect(sent.isProduct)
    }
}
