import GatewayTranslation
import NIOCore
import Testing

@testable import GatewayProxy

@Suite("A target's part of an exchange")
struct DeliveryTests {
    @Test("an answer is folded, and one attempt was enough")
    func success() throws {
        let bench = try DeliveryBench()
        let connection = try bench.accept()
        #expect(connection.requests[0].method == "PUT")
        #expect(String(decoding: connection.requests[0].content.path, as: UTF8.self) == "/catalogue/products/p-1")
        connection.answer(200, body: DeliveryBench.product)
        #expect(bench.isProduct)
        #expect(bench.delivery.attemptsMade == 1)
        #expect(!bench.delivery.mayHaveActed)
    }

    @Test("what the vendor has refused unseen is sent again, an update and a create", arguments: [true, false])
    func refused(isUpdate: Bool) throws {
        let bench = try DeliveryBench(isUpdate ? .update : .create)
        let connection = try bench.accept()
        connection.end(.refused)
        #expect(!bench.isDone)
        #expect(connection.requests.count == 2, "at once: the vendor has not even looked at it")
        connection.answer(isUpdate ? 200 : 201, body: DeliveryBench.product)
        #expect(bench.isProduct)
        #expect(bench.delivery.attemptsMade == 2)
    }

    @Test("an update that was sent and not answered is sent again, a create is not")
    func unanswered() throws {
        let update = try DeliveryBench(.update)
        let connection = try update.accept()
        connection.end(.endedWithoutAnswer(reason: "closed"))
        #expect(!update.isDone)
        #expect(update.delivery.mayHaveActed)
        update.resume()
        connection.answer(200, body: DeliveryBench.product)
        #expect(update.isProduct)

        let create = try DeliveryBench(.create)
        try create.accept().end(.endedWithoutAnswer(reason: "closed"))
        #expect(create.problem?.code == .vendorUnreachable)
        #expect(create.problem?.outcome == .unknown)
        #expect(create.problem?.isRetryable == false)
        #expect(create.delivery.attemptsMade == 1)
    }

    @Test("what may have gone out once stays unknown, whatever becomes of the retries")
    func staysUnknown() throws {
        let bench = try DeliveryBench(attemptsMax: 2)
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
        let bench = try DeliveryBench(attemptsMax: attemptsMax)
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
        let bench = try DeliveryBench()
        try bench.accept().end(failure)
        #expect(bench.problem?.code == code)
        #expect(bench.problem?.outcome == outcome)
        #expect(bench.delivery.attemptsMade == 1)
    }

    @Test("a vendor's own failure is its answer, and is not repeated", arguments: [500, 502, 503, 504])
    func vendorFailure(status: Int) throws {
        let bench = try DeliveryBench()
        try bench.accept().answer(status, body: "{}")
        #expect(bench.problem != nil)
        #expect(bench.delivery.attemptsMade == 1)
        #expect(bench.delivery.vendorStatus == status)
    }

    @Test("a vendor that asks for less is asked again when it says, an update and a create", arguments: [true, false])
    func throttled(isUpdate: Bool) throws {
        let health = TargetHealth()
        let bench = try DeliveryBench(isUpdate ? .update : .create, health: health)
        let connection = try bench.accept()
        connection.answer(429, body: "{}", retryAfter: "0")
        #expect(!bench.isDone)
        #expect(!bench.delivery.mayHaveActed)
        if connection.requests.count == 1 { bench.resume() }
        #expect(connection.requests.count == 2)
        connection.answer(isUpdate ? 200 : 201, body: DeliveryBench.product)
        #expect(bench.isProduct)
        #expect(health.report(now: NIODeadline.now().uptimeNanoseconds).open == nil)
    }

    @Test("a pause that does not fit into the time that is left is told")
    func pauseTooLong() throws {
        let bench = try DeliveryBench(totalSeconds: 20)
        try bench.accept().answer(429, body: "{}", retryAfter: "20")
        #expect(bench.problem?.code == .rateLimited)
        #expect(bench.problem?.outcome == .rejected)
        #expect(bench.problem?.isRetryable == true)
        #expect(bench.problem?.retryAfterSeconds == 20)
        #expect(bench.delivery.attemptsMade == 1)
    }

    @Test("a caller's own time holds where it is shorter than the target's")
    func callersTime() throws {
        let bench = try DeliveryBench(totalSeconds: 3_600, waitSeconds: 5)
        try bench.accept().answer(429, body: "{}", retryAfter: "5")
        #expect(bench.problem?.code == .rateLimited)
        let patient = try DeliveryBench(totalSeconds: 20, waitSeconds: 3_600)
        try patient.accept().answer(429, body: "{}", retryAfter: "20")
        #expect(patient.problem?.code == .rateLimited)
    }

    @Test("503 with Retry-After is repeated for an update, and stays unknown if it is then refused; not for a create")
    func unavailable() throws {
        let update = try DeliveryBench(.update)
        let connection = try update.accept()
        connection.answer(503, body: "{}", retryAfter: "0")
        if connection.requests.count == 1 { update.resume() }
        #expect(connection.requests.count == 2)
        connection.answer(400, body: "{}")
        #expect(update.problem?.outcome == .unknown)

        let create = try DeliveryBench(.create)
        try create.accept().answer(503, body: "{}", retryAfter: "0")
        #expect(create.problem?.code == .vendorUnavailable)
        #expect(create.problem?.outcome == .unknown)
        #expect(create.delivery.attemptsMade == 1)
    }

    @Test("every way to end gives the place at the target back")
    func places() throws {
        let health = TargetHealth()
        let now = NIODeadline.now().uptimeNanoseconds
        var underWay: Int { health.report(now: now).underWay }
        let done = try DeliveryBench(health: health)
        #expect(underWay == 1)
        try done.accept().answer(200, body: DeliveryBench.product)
        #expect(underWay == 0)
        let left = try DeliveryBench(health: health)
        left.delivery.abandonIfNotSent()
        #expect(underWay == 0)
        let cut = try DeliveryBench(health: health)
        let connection = try cut.accept()
        cut.delivery.cut()
        #expect(underWay == 0)
        connection.answer(200, body: DeliveryBench.product)
        #expect(underWay == 0)
        let full = try DeliveryBench(health: health)
        try full.accept().end(.queueFull)
        #expect(underWay == 0)
    }

    @Test("what was sent counts against the vendor's concurrency until it has ended, also when its caller has gone")
    func placesOfThoseThatWereSent() throws {
        let health = TargetHealth()
        let now = NIODeadline.now().uptimeNanoseconds
        let (one, other) = (try DeliveryBench(health: health), try DeliveryBench(health: health))
        let (answering, cutting) = (try one.accept(), try other.accept())
        for bench in [one, other] { bench.delivery.abandonIfNotSent() }
        #expect(health.report(now: now).underWay == 2)
        #expect(!one.isDone)
        answering.answer(200, body: DeliveryBench.product)
        #expect(health.report(now: now).underWay == 1)
        cutting.end(.timedOut)
        #expect(health.report(now: now).underWay == 0)
    }

    @Test("an attempt for which there is no time left is not made")
    func noTimeLeft() throws {
        for bench in [try DeliveryBench(totalSeconds: 0), try DeliveryBench(waitSeconds: 0)] {
            #expect(bench.problem?.code == .vendorTimeout)
            #expect(bench.problem?.outcome == .notSent)
            #expect(bench.delivery.attemptsMade == 0)
            #expect(bench.vendor.dials.isEmpty)
        }
    }

    @Test("updates of one product at a vendor that replaces wait for each other")
    func turns() throws {
        let bench = try DeliveryBench(replaces: true)
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
        connection.answer(200, body: DeliveryBench.product)
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
        let bench = try DeliveryBench(credentials: .oauth2(source))
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
        let waiting = try DeliveryBench()
        waiting.delivery.abandonIfNotSent()
        #expect(!waiting.isDone)
        #expect(try waiting.accept().requests.isEmpty)

        let sent = try DeliveryBench()
        let connection = try sent.accept()
        sent.delivery.abandonIfNotSent()
        connection.answer(200, body: DeliveryBench.product)
        #expect(sent.isProduct)
    }
}
