import GatewayMetrics
import GatewayTranslation
import NIOCore

/// One target's part of an exchange: translate, authorise, attempt (again where that is right), fold.
///
/// Its deadline is whatever it waits for outside an attempt: a token, or the pause before a retry. Confined to its
/// worker's event loop.
final class Delivery: Deadline {
    enum Result {
        case product(CanonicalAnswer)
        /// A success that is answered with the vendor's own document.
        case vendorDocument([UInt8])
        /// Apart, because it is large and rare.
        case problem(Problem)
        case dryRun([UInt8])
    }

    enum ResultKind: Equatable { case none, success, dryRun, problem }

    private enum Stage: Equatable { case idle, waitingForToken, attempting, pausing, finished }

    /// A problem is kept; a document only until it is taken.
    private(set) var result: Result?
    /// What kind of result it was, for those who need no more: the result itself is large.
    private(set) var resultKind: ResultKind = .none
    var hasFailed: Bool { self.resultKind == .problem }
    /// How many requests went to the vendor, or tried to.
    private(set) var attemptsMade = 0
    /// How many of them were for the request at hand: reading and writing have their tries each.
    private var triesOfRequest = 0
    /// What the vendor's last answer said, for the record.
    private(set) var vendorStatus: Int?
    /// An attempt went out and brought no answer: whatever comes later, the vendor may have acted on it.
    private(set) var mayHaveActed = false
    /// What its attempts took, all together.
    private(set) var vendor = VendorUse()
    /// From the whole, translated request to the result; nil where nothing was to be sent.
    private(set) var durationNanoseconds: UInt64?

    let target: Target
    /// The target's numbers.
    let metrics: MetricShard
    private let state: TargetState
    private let exchange: Exchange
    private let environment: DeliveryEnvironment
    private let operation: ProductOperation

    private var stage: Stage = .idle
    private var request: VendorRequest?
    /// For a vendor that replaces: the update that waits for the product as it is.
    private var updateAfterReading: VendorRequest?
    private var attempt: Attempt?
    private var tokenGeneration: UInt64 = 0
    private var hasRenewedToken = false
    private var totalDeadline: UInt64 = 0

    init(exchange: Exchange, target: Target) {
        self.exchange = exchange
        self.environment = exchange.environment.deliveries
        self.operation = exchange.operation
        self.target = target
        self.state = exchange.environment.deliveries.state(of: target)
        self.metrics = self.state.metrics
    }

    /// Several results, and one that is to be short, need the canonical form.
    private var answersInVendorWords: Bool {
        self.target.answersInVendorWords && self.exchange.isForOneWholeAnswer
    }

    /// Bytes that are held until there is a result.
    var requestBytes: Int { (self.request?.body.count ?? 0) + (self.updateAfterReading?.body.count ?? 0) }

    // MARK: Translate

    /// Writes the caller's document in the vendor's language; nothing is sent yet.
    func translate(_ body: [UInt8]) {
        let startedAt = self.environment.clock.exactNow()
        defer {
            let endedAt = self.environment.clock.exactNow()
            self.environment.clock.timePassed(to: endedAt)
            self.metrics.observe(endedAt &- startedAt, in: .translationDuration)
        }
        do throws(Problem) {
            let request = try self.environment.translator.translate(
                self.operation, for: self.target.plan, id: self.exchange.productID, body: body,
                handling: self.exchange.handling)
            if self.exchange.isDryRun {
                self.settle(
                    .dryRun(DryRunDocument.json(request, target: self.target, requestID: self.exchange.requestID)))
            } else if self.target.plan.readsFirst(self.operation) {
                self.updateAfterReading = request
                self.request = self.target.plan.readRequest(before: request)
            } else {
                self.request = request
            }
        } catch {
            self.environment.metrics.translationRefused(error, in: self.metrics)
            self.settle(.problem(error))
        }
    }

    /// Goes on to the vendor, or ends if there is nothing to send.
    func send() {
        guard self.resultKind == .none else {
            self.finish()
            return
        }
        self.totalDeadline = self.environment.clock.now() + self.target.timeouts.totalNanoseconds
        self.authorise()
    }

    // MARK: Authorise

    private func authorise() {
        switch self.target.credentials {
        case .none:
            self.startAttempt(authorization: nil)
        case .bearer(let authorization):
            self.startAttempt(authorization: authorization)
        case .oauth2(let source):
            self.authorise(with: source)
        }
    }

    private func authorise(with source: OAuth2TokenSource) {
        let decision = source.acquire(now: self.environment.clock.now()) {
            let loop = self.environment.eventLoop
            let bound = NIOLoopBound(self, eventLoop: loop)
            return { outcome in loop.execute { bound.value.tokenArrived(outcome) } }
        }
        switch decision {
        case .use(let token):
            self.startAttempt(with: token)
        case .useAndRenew(let token):
            self.environment.renewToken(of: source)
            self.startAttempt(with: token)
        case .renew:
            self.waitForToken()
            self.environment.renewToken(of: source)
        case .wait:
            self.waitForToken()
        case .fail(let failure):
            self.finish(.problem(self.problem(of: failure)))
        }
    }

    private func waitForToken() {
        self.stage = .waitingForToken
        self.environment.deadlines.schedule(self, at: self.totalDeadline)
    }

    private func tokenArrived(_ outcome: OAuth2TokenSource.Outcome) {
        guard self.stage == .waitingForToken else { return }
        self.environment.deadlines.cancel(self)
        switch outcome {
        case .success(let token): self.startAttempt(with: token)
        case .failure(let failure): self.finish(.problem(self.problem(of: failure)))
        }
    }

    private func problem(of failure: TokenFailure) -> Problem {
        failure.problem(target: self.target.name)
    }

    // MARK: Attempt

    private func startAttempt(with token: OAuth2TokenSource.Token) {
        self.tokenGeneration = token.generation
        self.startAttempt(authorization: token.authorization)
    }

    private func startAttempt(authorization: [UInt8]?) {
        guard let request = self.request else { return }
        self.stage = .attempting
        self.attemptsMade += 1
        self.triesOfRequest += 1
        let attempt = Attempt(
            request: UpstreamRequest(
                content: request, basePath: self.target.basePath, authorization: authorization,
                requestID: self.exchange.requestID,
                trace: self.target.sendsTraceContext ? self.exchange.traceForAttempt() : nil),
            environment: self.environment.upstream, delegate: self)
        self.attempt = attempt
        let now = self.environment.clock.now()
        self.environment.deadlines.schedule(
            attempt, at: min(now + self.target.timeouts.attemptNanoseconds, self.totalDeadline))
        self.state.pool.submit(attempt)
    }

    override func deadlineReached() {
        switch self.stage {
        case .pausing:
            self.authorise()
        case .waitingForToken:
            self.finish(.problem(self.problem(of: .unavailable(.timedOutBeforeSending))))
        case .idle, .attempting, .finished:
            break
        }
    }

    /// The caller has gone: what is not on its way need not be sent.
    func abandonIfNotSent() {
        switch self.stage {
        case .waitingForToken, .pausing:
            break
        case .attempting:
            guard let attempt = self.attempt, attempt.abandonIfWaiting() else { return }
        case .idle, .finished:
            return
        }
        self.finish()
    }

    /// The gateway's time to stop is over: what has been sent stays without an answer.
    func cut() {
        guard self.stage != .finished else { return }
        // Reading changes nothing, and what is only waiting has not been sent.
        if self.stage == .attempting, self.updateAfterReading == nil,
            let attempt = self.attempt, !attempt.abandonIfWaiting()
        {
            self.mayHaveActed = true
        }
        self.finish(
            .problem(
                .stopping(target: self.target.name, operation: self.operation, wasSent: self.mayHaveActed)))
    }

    // MARK: Fold

    private func fold(_ answer: VendorAnswer) {
        self.vendorStatus = answer.status
        guard let request = self.request else { return }
        if let update = self.updateAfterReading {
            self.writeAfterReading(update, current: answer)
            return
        }
        let answersInVendorWords = self.answersInVendorWords
        let folded = self.environment.translator.fold(
            answer, to: request, operation: self.operation, for: self.target.plan,
            keepsProduct: !answersInVendorWords, nowEpochSeconds: self.environment.clock.epochSeconds)
        self.metrics.vendorAnswered(answer.status, folded.problemCode)
        switch consume folded {
        case .product where answersInVendorWords:
            self.finish(.vendorDocument(answer.body))
        case .product(let product):
            self.environment.bodyBuffers.giveBack(&answer.body)
            self.finish(.product(product))
        case .problem(var problem):
            if problem.code == .vendorUnintelligible { self.logUnintelligible(answer) }
            self.environment.bodyBuffers.giveBack(&answer.body)
            // Only where it is so: every change of a problem is a copy.
            if answersInVendorWords { problem.hasVendorTitle = true }
            self.finish(.problem(problem))
        }
    }

    /// The second half of an update at a vendor that replaces: what is there, changed as the caller asks.
    private func writeAfterReading(_ update: VendorRequest, current: VendorAnswer) {
        do throws(Problem) {
            self.request = try self.environment.translator.merge(
                update, of: self.operation, into: current, for: self.target.plan)
            self.updateAfterReading = nil
            self.triesOfRequest = 0
            self.metrics.vendorAnswered(current.status)
            self.authorise()
        } catch {
            self.metrics.vendorAnswered(current.status, error.code)
            if error.code == .vendorUnintelligible { self.logUnintelligible(current) }
            self.finish(.problem(error))
        }
    }

    /// Never in the answer, and in the log only at `debug`: it may hold product data.
    private func logUnintelligible(_ answer: VendorAnswer) {
        self.environment.logger.debug(
            "vendor answer not understood",
            metadata: [
                "requestId": "\(self.exchange.requestID.string)", "target": "\(self.target.name)",
                "status": "\(answer.status)",
                "firstBytes": "\(String(decoding: answer.body.prefix(256), as: UTF8.self))",
            ])
    }

    /// From the whole, translated request to now; nothing where nothing was to be sent.
    private func countDuration() {
        guard self.totalDeadline > 0 else { return }
        let startedAt = self.totalDeadline &- self.target.timeouts.totalNanoseconds
        let duration = self.environment.clock.now() &- startedAt
        self.durationNanoseconds = duration
        self.metrics.observe(duration, in: .deliveryDuration, self.operation.counted.rawValue)
    }

    /// The result as an answer's body, given away; empty where it was a problem, or none.
    func takeDocument(isMinimal: Bool) -> [UInt8] {
        guard self.resultKind == .success || self.resultKind == .dryRun else { return [] }
        var taken: Result?
        swap(&taken, &self.result)
        switch consume taken {
        case .product(let canonical):
            return self.exchange.requestID.withBytes {
                canonical.json(target: self.target.name, requestID: $0, isMinimal: isMinimal)
            }
        case .vendorDocument(let document), .dryRun(let document):
            return document
        case .problem, nil:
            return []
        }
    }

    private func settle(_ result: consuming Result) {
        self.resultKind =
            switch result {
            case .product, .vendorDocument: .success
            case .dryRun: .dryRun
            case .problem: .problem
            }
        self.result = result
    }

    private func finish(_ result: consuming Result) {
        guard self.stage != .finished else { return }
        if self.mayHaveActed, case .problem(let problem) = result {
            self.settle(.problem(problem.afterUnknownAttempt(of: self.operation)))
        } else {
            self.settle(result)
        }
        self.finish()
    }

    private func finish() {
        guard self.stage != .finished else { return }
        self.stage = .finished
        self.environment.deadlines.cancel(self)
        self.countDuration()
        self.attempt = nil
        self.exchange.finished(self)
    }
}

extension Delivery: AttemptDelegate {
    func attempt(_ attempt: Attempt, finished result: Swift.Result<VendorAnswer, AttemptFailure>) {
        guard self.stage == .attempting else { return }
        let now = self.environment.clock.now()
        self.metrics.attemptEnded(result, sentAt: attempt.sentAt, now: now)
        self.vendor.add(attempt, now: now)
        self.attempt = nil
        switch result {
        case .success(let answer):
            if answer.status == 401, case .oauth2(let source) = self.target.credentials,
                !self.hasRenewedToken
            {
                // The token may have been revoked before its time: once more, with a new one.
                self.hasRenewedToken = true
                self.metrics.vendorAnswered(answer.status, .vendorCredentialsRejected)
                self.metrics.retried(.tokenRefused)
                source.refused(generation: self.tokenGeneration)
                self.authorise()
                return
            }
            self.fold(answer)
        case .failure(let failure):
            self.retryOrFinish(failure)
        }
    }

    private func retryOrFinish(_ failure: AttemptFailure) {
        let isReading = self.updateAfterReading != nil
        // Reading changes nothing, whatever became of it.
        if !failure.isBeforeProcessing, !isReading { self.mayHaveActed = true }
        let decision = self.target.retryPolicy.decide(
            failure, attemptsMade: self.triesOfRequest, isIdempotent: self.operation == .update,
            random: Double.random(in: 0..<1, using: &self.environment.random))
        if case .retry(let pause) = decision {
            let now = self.environment.clock.now()
            if now + pause < self.totalDeadline {
                self.metrics.retried(failure.counted)
                self.stage = .pausing
                self.environment.deadlines.schedule(self, at: now + pause)
                return
            }
        }
        self.finish(
            .problem(
                failure.problem(target: self.target.name, operation: self.operation, isReading: isReading)))
    }
}
