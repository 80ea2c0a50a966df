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
            replaces: Bool = false, totalSeconds: UInt64 = 3_600, ifMatch: ((String) -> Bool)? = nil,
            dialect: Dialect? = nil, health: TargetHealth = TargetHealth(), waitSeconds: UInt64? = nil
        ) throws {
            var options = TargetOptions()
            options.updateSemantics = replaces ? .replace : .partial
            if dialect?.name == "cor" { options.parameters = ["source": "SAP"] }
            self.target = Target(
                name: "catalogue", index: 0,
                plan: try TargetPlan(
                    targetName: "catalogue", dialect: dialect ?? Dialect(named: "catalogue"), options: options),
                endpoint: WorkerFixture.endpoint(), baseURL: "http://vendor.test:8080", basePath: [],
                credentials: credentials,
                timeouts: Target.Timeouts(
                    attemptNanoseconds: 3_600 * WorkerFixture.second,
                    totalNanoseconds: totalSeconds * WorkerFixture.second),
                retryPolicy: RetryPolicy(
                    attemptsMax: attemptsMax, pauseNanoseconds: 10 * WorkerFixture.second,
                    pauseNanosecondsMax: 10 * WorkerFixture.second), health: health)
            self.fixture = WorkerFixture(targets: [self.target], vendor: self.vendor)
            self.delivery = Delivery(
                DeliveryOrder(
                    operation: operation, productID: operation == .update ? Array("p-1".utf8) : nil,
                    requestID: .none, connection: ObjectIdentifier(self.orderer),
                    waitNanoseconds: waitSeconds.map { $0 * WorkerFixture.second }, handling: nil, isDryRun: false,
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
        #expect(connection.requests.count == 2, "at once: the vendor has not even looked at it")
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

    @Test("a vendor's own failure is its answer, and is not repeated", arguments: [500, 502, 503, 504])
    func vendorFailure(status: Int) throws {
        let bench = try Bench()
        try bench.accept().answer(status, body: "{}")
        #expect(bench.problem != nil)
        #expect(bench.delivery.attemptsMade == 1)
        #expect(bench.delivery.vendorStatus == status)
    }

    @Test("a vendor that asks for less is asked again when it says, an update and a create", arguments: [true, false])
    func throttled(isUpdate: Bool) throws {
        let health = TargetHealth()
        let bench = try Bench(isUpdate ? .update : .create, health: health)
        let connection = try bench.accept()
        connection.answer(429, body: "{}", retryAfter: "0")
        #expect(!bench.isDone)
        #expect(!bench.delivery.mayHaveActed)
        if connection.requests.count == 1 { bench.resume() }
        #expect(connection.requests.count == 2)
        connection.answer(isUpdate ? 200 : 201, body: Self.product)
        #expect(bench.isProduct)
        #expect(health.report(now: NIODeadline.now().uptimeNanoseconds).open == nil)
    }

    @Test("a pause that does not fit into the time that is left is told")
    func pauseTooLong() throws {
        let bench = try Bench(totalSeconds: 20)
        try bench.accept().answer(429, body: "{}", retryAfter: "20")
        #expect(bench.problem?.code == .rateLimited)
        #expect(bench.problem?.outcome == .rejected)
        #expect(bench.problem?.isRetryable == true)
        #expect(bench.problem?.retryAfterSeconds == 20)
        #expect(bench.delivery.attemptsMade == 1)
    }

    @Test("a caller's own time holds where it is shorter than the target's")
    func callersTime() throws {
        let bench = try Bench(totalSeconds: 3_600, waitSeconds: 5)
        try bench.accept().answer(429, body: "{}", retryAfter: "5")
        #expect(bench.problem?.code == .rateLimited)
        let patient = try Bench(totalSeconds: 20, waitSeconds: 3_600)
        try patient.accept().answer(429, body: "{}", retryAfter: "20")
        #expect(patient.problem?.code == .rateLimited)
    }

    @Test("503 with Retry-After is repeated for an update, and stays unknown if it is then refused; not for a create")
    func unavailable() throws {
        let update = try Bench(.update)
        let connection = try update.accept()
        connection.answer(503, body: "{}", retryAfter: "0")
        if connection.requests.count == 1 { update.resume() }
        #expect(connection.requests.count == 2)
        connection.answer(400, body: "{}")
        #expect(update.problem?.outcome == .unknown)

        let create = try Bench(.create)
        try create.accept().answer(503, body: "{}", retryAfter: "0")
        #expect(create.problem?.code == .vendorUnavailable)
        #expect(create.problem?.outcome == .unknown)
        #expect(create.delivery.attemptsMade == 1)
    }

    @Test("while a vendor wants to be left alone, others wait for it, or are told how long it takes")
    func paused() throws {
        let health = TargetHealth()
        let now = NIODeadline.now().uptimeNanoseconds
        health.pause(for: 10 * WorkerFixture.second, because: .rate, now: now)
        let patient = try Bench(health: health)
        #expect(!patient.isDone)
        #expect(patient.delivery.isScheduled)
        #expect(patient.vendor.dials.isEmpty)
        let hasty = try Bench(totalSeconds: 5, health: health)
        #expect(hasty.problem?.code == .rateLimited)
        #expect(hasty.problem?.outcome == .notSent)
        #expect(hasty.problem?.isRetryable == true)
        #expect(hasty.problem?.retryAfterSeconds == 10)
        #expect(hasty.delivery.attemptsMade == 0)
        patient.delivery.cut()
        #expect(patient.problem?.outcome == .notSent)
        #expect(health.report(now: now).underWay == 0)
    }

    /// A target that is left alone, and whose next probe is due.
    private static func failedLongAgo() -> TargetHealth {
        let health = TargetHealth()
        let past = NIODeadline.now().uptimeNanoseconds - 100 * WorkerFixture.second
        for _ in 0..<10 {
            _ = health.admit(now: past) { 0 }
            _ = health.ended(.failed, isProbe: false, sentAt: past, now: past) { 0 }
        }
        return health
    }

    @Test("a target that has failed too often is left alone, and nothing is sent")
    func leftAlone() throws {
        let health = TargetHealth()
        let now = NIODeadline.now().uptimeNanoseconds
        for _ in 0..<10 {
            _ = health.admit(now: now) { 1 }
            _ = health.ended(.failed, isProbe: false, sentAt: now, now: now) { 1 }
        }
        let bench = try Bench(health: health)
        #expect(bench.problem?.code == .vendorUnavailable)
        #expect(bench.problem?.outcome == .notSent)
        #expect(bench.problem?.isRetryable == true)
        #expect((1...2).contains(bench.problem?.retryAfterSeconds ?? 0))
        #expect(bench.vendor.dials.isEmpty)
    }

    @Test("what shows that a target is back is a read, never a create", arguments: [true, false])
    func probe(isUpdate: Bool) throws {
        let health = Self.failedLongAgo()
        let bench = try Bench(isUpdate ? .update : .create, health: health)
        let connection = try bench.accept()
        #expect(connection.requests[0].method == "GET")
        connection.answer(404, body: "{}")
        #expect(health.report(now: NIODeadline.now().uptimeNanoseconds).open == nil)
        #expect(connection.requests[1].method == (isUpdate ? "PUT" : "POST"))
        connection.answer(isUpdate ? 200 : 201, body: Self.product)
        #expect(bench.isProduct)
        #expect(bench.delivery.attemptsMade == 2)
    }

    @Test("a dialect without a read is probed by an update itself")
    func probeWithoutRead() throws {
        let health = Self.failedLongAgo()
        let bench = try Bench(dialect: Dialect(named: "cor"), health: health)
        let connection = try bench.accept()
        #expect(connection.requests[0].method == "PUT")
        connection.answer(404, body: "{}")
        #expect(bench.problem?.code == .productNotFound)
        #expect(health.report(now: NIODeadline.now().uptimeNanoseconds).open == nil)
    }

    @Test("a probe in vain keeps the target closed, and what was to follow is not sent")
    func probeInVain() throws {
        let health = Self.failedLongAgo()
        let bench = try Bench(health: health)
        try bench.accept().answer(503, body: "{}")
        #expect(bench.problem?.code == .vendorUnavailable)
        #expect(bench.problem?.outcome == .notSent)
        let report = health.report(now: NIODeadline.now().uptimeNanoseconds)
        #expect(report.open != nil)
        #expect(report.underWay == 0)
    }

    @Test("where the target has had as many retries as it gets, the last failure is told at once and stays retryable")
    func budget() throws {
        var settings = HealthSettings()
        settings.budget = .init(percent: 0, perSecond: 0, windowNanoseconds: 10 * WorkerFixture.second)
        let bench = try Bench(health: TargetHealth(settings))
        let connection = try bench.accept()
        connection.end(.refused)
        #expect(connection.requests.count == 2, "what the vendor gave back unseen costs it nothing")
        connection.end(.endedWithoutAnswer(reason: "closed"))
        #expect(bench.problem?.code == .vendorUnreachable)
        #expect(bench.problem?.isRetryable == true)
        #expect(bench.delivery.attemptsMade == 2)
    }

    @Test("every way to end gives the place at the target back")
    func places() throws {
        let health = TargetHealth()
        let now = NIODeadline.now().uptimeNanoseconds
        var underWay: Int { health.report(now: now).underWay }
        let done = try Bench(health: health)
        #expect(underWay == 1)
        try done.accept().answer(200, body: Self.product)
        #expect(underWay == 0)
        let left = try Bench(health: health)
        left.delivery.abandonIfNotSent()
        #expect(underWay == 0)
        let cut = try Bench(health: health)
        let connection = try cut.accept()
        cut.delivery.cut()
        #expect(underWay == 0)
        connection.answer(200, body: Self.product)
        #expect(underWay == 0)
        let full = try Bench(health: health)
        try full.accept().end(.queueFull)
        #expect(underWay == 0)
    }

    @Test("what was sent counts against the vendor's concurrency until it has ended, also when its caller has gone")
    func placesOfThoseThatWereSent() throws {
        let health = TargetHealth()
        let now = NIODeadline.now().uptimeNanoseconds
        let (one, other) = (try Bench(health: health), try Bench(health: health))
        let (answering, cutting) = (try one.accept(), try other.accept())
        for bench in [one, other] { bench.delivery.abandonIfNotSent() }
        #expect(health.report(now: now).underWay == 2)
        #expect(!one.isDone)
        answering.answer(200, body: Self.product)
        #expect(health.report(now: now).underWay == 1)
        cutting.end(.timedOut)
        #expect(health.report(now: now).underWay == 0)
    }

    @Test("an attempt for which there is no time left is not made")
    func noTimeLeft() throws {
        for bench in [try Bench(totalSeconds: 0), try Bench(waitSeconds: 0)] {
            #expect(bench.problem?.code == .vendorTimeout)
            #expect(bench.problem?.outcome == .notSent)
            #expect(bench.delivery.attemptsMade == 0)
            #expect(bench.vendor.dials.isEmpty)
        }
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

    @Test("a product of which somebody else has changed what this update writes is a conflict, not written over")
    func changedByOthers() throws {
        let bench = try Bench(replaces: true)
        let connection = try bench.accept()
        connection.answer(200, body: #"{"id":"p-1","name":"old"}"#, etag: "\"1\"")
        connection.answer(409)
        connection.answer(200, body: #"{"id":"p-1","name":"theirs"}"#, etag: "\"2\"")
        #expect(bench.problem?.code == .conflict)
        #expect(bench.problem?.outcome == .rejected)
        #expect(connection.requests.map(\.method) == ["GET", "PUT", "GET"])
    }

    @Test("a write that was lost and turns out to have arrived is a success, and not written again")
    func arrivedAfterAll() throws {
        let bench = try Bench(replaces: true)
        let connection = try bench.accept()
        connection.answer(200, body: #"{"id":"p-1","name":"old"}"#, etag: "\"1\"")
        connection.end(.endedWithoutAnswer(reason: "closed"))
        bench.resume()
        connection.answer(200, body: Self.product, etag: "\"2\"")
        #expect(bench.isProduct)
        #expect(bench.delivery.entityTag == "\"2\"")
        #expect(connection.requests.map(\.method) == ["GET", "PUT", "GET"])
    }

    @Test(
        "a conflict right after an unanswered update may be with itself: the product is read", arguments: [true, false])
    func conflictWithItself(isItself: Bool) throws {
        let bench = try Bench()
        let connection = try bench.accept()
        connection.end(.endedWithoutAnswer(reason: "closed"))
        bench.resume()
        connection.answer(409, body: "{}")
        #expect(connection.requests.map(\.method) == ["PUT", "PUT", "GET"])
        connection.answer(200, body: isItself ? Self.product : #"{"id":"p-1","name":"theirs"}"#)
        #expect(bench.isProduct == isItself)
        #expect(bench.problem?.outcome == (isItself ? nil : .unknown))
        #expect(bench.problem?.code == (isItself ? nil : .conflict))
    }

    private static func finding() throws -> Dialect {
        try Dialect(
            parsing: Array(
                """
                {"format": 1, "name": "acme", "title": "Acme",
                 "operations": {
                   "update": {"method": "PUT", "path": "/p/{id}", "body": "{fields}"},
                   "create": {"method": "POST", "path": "/p", "body": "{fields}", "id": {"answer": "/id"},
                              "find": {"path": "/p?name={/name}", "product": "/items/0"}}},
                 "answer": {"fields": "", "id": "/id", "required": ["/id"]},
                 "fields": {"/name": {"vendor": "/name"}}}
                """.utf8))
    }

    @Test(
        "a create whose answer was lost is looked up before anybody is told that nobody knows",
        arguments: [
            AttemptFailure.endedWithoutAnswer(reason: "closed"), .timedOut, .answerCutShort(status: 201, reason: ""),
        ])
    func lookedUp(failure: AttemptFailure) throws {
        let found = try Bench(.create, dialect: Self.finding())
        let connection = try found.accept()
        connection.end(failure)
        #expect(connection.requests[1].content.pathText == "/p?name=x")
        connection.answer(200, body: #"{"items":[{"id":"77","name":"x"}]}"#)
        #expect(found.isProduct)
        #expect(found.delivery.productID == Array("77".utf8))
    }

    @Test(
        "what is not there, is another product, is there twice, or cannot be looked up stays unknown",
        arguments: [
            #"{"items":[]}"#, #"{"items":[{"id":"77","name":"y"}]}"#, "[]",
            #"{"items":[{"id":"77","name":"x"},{"id":"78","name":"x"}]}"#,
        ])
    func notFound(answer: String) throws {
        let bench = try Bench(.create, dialect: Self.finding())
        let connection = try bench.accept()
        connection.end(.endedWithoutAnswer(reason: "closed"))
        connection.answer(200, body: answer)
        #expect(bench.problem?.code == .vendorUnreachable)
        #expect(bench.problem?.outcome == .unknown)
        #expect(bench.problem?.isRetryable == false)
        #expect(connection.requests.count == 2)

        let lost = try Bench(.create, dialect: Self.finding())
        let other = try lost.accept()
        other.end(.endedWithoutAnswer(reason: "closed"))
        other.answer(429, body: answer, retryAfter: "0")
        #expect(lost.problem?.code == .vendorUnreachable)
        #expect(other.requests.count == 2, "a lookup is not repeated")
    }

    @Test("a create that was refused is not looked up")
    func notLookedUp() throws {
        let bench = try Bench(.create, dialect: Self.finding())
        let connection = try bench.accept()
        connection.answer(400, body: "{}")
        #expect(bench.problem?.outcome == .rejected)
        #expect(connection.requests.count == 1)
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
                operation: .update, productID: Array("p-1".utf8), requestID: .none,
                connection: ObjectIdentifier(bench.orderer), handling: nil, isDryRun: false,
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
