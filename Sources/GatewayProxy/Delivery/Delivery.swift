import GatewayMetrics
import GatewayTranslation
import NIOCore

/// One target's part of an exchange: translate, authorise, attempt (again where that is right), fold.
///
/// What it does next is decided by its state machine, and by the parts beside it: `Authorisation`, `TargetGate`,
/// `ReadBeforeWrite`, `RetryPolicy`. Its deadline is whatever it waits for outside an attempt: a turn, a token, the
/// gate, or the pause before a retry. Confined to its event loop.
final class Delivery: GateWaiter {
    /// The result. A problem is kept; a document only until it is taken.
    private(set) var result: DeliveryResult?
    /// The kind of the result, for users that need no more: the result itself is large.
    private(set) var resultKind: DeliveryResult.Kind = .none
    var hasFailed: Bool { self.resultKind == .problem }
    /// How many requests went to the vendor, or tried to.
    var attemptsMade: Int { self.machine.attemptsMade }
    /// A write went out and brought no answer: whatever comes later, the vendor may have acted on it.
    var mayHaveActed: Bool { self.machine.mayHaveActed }
    /// What the vendor's last answer said, for the record.
    var vendorStatus: Int?
    /// What its attempts took, all together.
    private(set) var vendor = VendorUse()
    /// From the whole, translated request to the result; nil where nothing was to be sent.
    private(set) var durationNanoseconds: UInt64?
    /// Of a success: the id by which the caller can reach the product, and the version that the vendor has given it.
    var productID: [UInt8]?
    /// What it is about, as far as that is known before the vendor answers: the id of the path, or the one that the
    /// body's `ids` has for this target.
    var askedID: [UInt8]?
    var entityTag: String?
    /// The answer as it is kept, where the request has a key: from an earlier request, or of this one.
    private(set) var kept: KeptAnswer?

    let target: Target
    /// The target's numbers.
    let metrics: MetricShard
    let state: TargetState
    let order: DeliveryOrder
    /// Set to nil with the result, because the delegate holds its deliveries.
    private(set) var delegate: (any DeliveryDelegate)?
    let environment: DeliveryEnvironment
    /// Nil where no spans are sent.
    let trace: DeliveryTrace?

    var machine = StateMachine()
    var authorisation: Authorisation
    var request: VendorRequest?
    /// What the first of several requests of a change has answered.
    var firstProduct: CanonicalAnswer?
    /// The read that goes before the write; nil where an update is sent as it is.
    var readBeforeWrite: ReadBeforeWrite?
    /// The problem to be told if the look-up does not show that the change was made; nil where nothing is looked up.
    var lookup: Lookup?
    private var attempt: Attempt?
    /// Whether the attempt is a probe: its end decides whether the target is used as before.
    var isProbing = false
    /// What the attempt that waits for the gate will be sent with.
    var authorizationAtGate: [UInt8]?
    /// 0 before it is sent.
    var startedAt: UInt64 = 0
    var totalDeadline: UInt64 = 0
    /// Of the result, until it is taken.
    private var memory: MemoryShare

    init(
        _ order: DeliveryOrder, to target: Target, environment: DeliveryEnvironment, delegate: any DeliveryDelegate
    ) {
        self.order = order
        self.environment = environment
        self.memory = MemoryShare(of: environment.upstream.memory)
        self.trace = environment.traces?.take()
        self.trace?.start(at: 0)
        self.delegate = delegate
        self.target = target
        self.authorisation = Authorisation(target.credentials)
        self.state = environment.state(of: target)
        self.metrics = self.state.metrics
    }

    var answersInVendorWords: Bool { self.target.answersInVendorWords && self.order.isForOneWholeAnswer }

    /// Bytes that are held until there is a result.
    var requestBytes: Int {
        (self.request?.bytesHeld ?? 0) + (self.readBeforeWrite?.update.bytesHeld ?? 0)
    }

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
            let request =
                if self.order.operation == .read {
                    try self.target.plan.readRequest(of: self.order.productID ?? [])
                } else {
                    try self.environment.translator.translate(
                        self.order.operation, for: self.target.plan, id: self.order.productID, body: body,
                        handling: self.order.handling, showsPatch: self.order.isDryRun,
                        access: self.order.access(self.target), key: self.writtenKey)
                }
            let plan = self.target.plan
            self.askedID = request.id
            if self.order.isDryRun {
                self.settle(
                    .dryRun(
                        DryRunDocument.json(
                            request, reading: request.readsFirst ? plan.readRequest(before: request) : nil,
                            following: self.environment.translator.following(request), target: self.target,
                            requestID: self.order.requestID,
                            isOneOfSeveral: self.order.isForSeveral)))
            } else if request.readsFirst {
                let readBeforeWrite = ReadBeforeWrite(
                    request, plan: plan, baseURL: self.target.baseURL, turns: self.environment.turns)
                self.request = readBeforeWrite.readRequest
                self.readBeforeWrite = readBeforeWrite
            } else {
                self.request = request
            }
        } catch {
            self.environment.metrics.translationRefused(error, in: self.metrics)
            self.settle(.problem(error))
        }
    }

    /// An earlier request with the same key was answered like this: nothing is sent.
    func replay(_ answer: KeptAnswer) {
        self.kept = answer
        self.resultKind = .replayed
        self.trace?.start(at: self.environment.clock.now())
    }

    /// Ends the delivery before anything is sent, with this problem.
    func refuse(_ problem: Problem) {
        self.settle(.problem(problem))
    }

    /// An earlier request with the same key may have been acted on.
    func repeatsUnknownAttempt() {
        self.machine.writeGivenUp()
    }

    /// The result as it is kept: the answer is made of it.
    func keep(_ answer: KeptAnswer) {
        self.kept = answer
    }

    /// Goes on to the vendor, or ends if there is nothing to send.
    func send() {
        guard self.resultKind == .none else {
            self.finish()
            return
        }
        let now = self.environment.clock.now()
        let total = self.target.timeouts.totalNanoseconds
        self.startedAt = now
        self.totalDeadline = now &+ min(total, self.order.waitNanoseconds ?? total)
        self.state.gate.health.requested(now: now)
        self.trace?.start(at: now)
        let next = self.machine.start(
            readsFirst: self.readBeforeWrite != nil, changesNothing: self.order.operation == .read)
        if self.lookup != nil { _ = self.machine.lookUp() }
        switch next {
        case .takeTurn: if !self.isLeftAlone() { self.takeTurn() }
        case .authorise: self.authorise()
        case .doNothing: break
        }
    }

    // MARK: Turn

    private func takeTurn() {
        let decision = self.readBeforeWrite?.takeTurn(waitersMax: self.target.endpoint.queueMax) {
            LoopReply(to: self.environment.eventLoop) { self.turnArrived() }
        }
        switch decision {
        case .taken, nil:
            self.authorise()
        case .wait:
            self.machine.turnAwaited()
            self.trace?.waits(for: .turn, at: self.environment.clock.now())
            self.environment.deadlines.schedule(self, at: self.totalDeadline)
        case .full:
            self.finish(.problem(.turnNotTaken(target: self.target.name, waited: false)))
        }
    }

    private func turnArrived() {
        self.readBeforeWrite?.turnArrived()
        switch self.machine.turnArrived() {
        case .authorise:
            self.environment.deadlines.cancel(self)
            self.authorise()
        case .giveBack:
            self.readBeforeWrite?.end()
        }
    }

    // MARK: Attempt

    /// The gate has let it in.
    func startAttempt(authorization: [UInt8]?) {
        if let permit = self.order.permit, self.machine.isChanging {
            self.ask(permit, authorization)
        } else {
            self.sendAttempt(authorization: authorization)
        }
    }

    func sendAttempt(authorization: [UInt8]?) {
        guard let request = self.request else { return }
        self.machine.attemptStarted()
        self.submit(request, authorization)
    }

    func submit(_ request: VendorRequest, _ authorization: [UInt8]?) {
        let sentTrace = self.target.sendsTraceContext ? self.delegate?.traceForAttempt() : nil
        let attempt = Attempt(
            request: UpstreamRequest(
                content: request, basePath: self.target.basePath, authorization: authorization,
                secretPlace: self.target.credentials.secretPlace, requestID: self.order.requestID,
                vendorKey: self.vendorKey, trace: sentTrace, owner: self.order.owner,
                actor: self.order.actor(self.target),
                wantedHeaders: self.target.plan.wantedHeaders(of: request)),
            environment: self.environment.upstream, delegate: self)
        self.attempt = attempt
        let now = self.environment.clock.now()
        self.trace?.attemptStarted(request.method, id: sentTrace?.attemptID, isProbe: self.isProbing, at: now)
        self.environment.deadlines.schedule(
            attempt, at: min(now + self.target.timeouts.attemptNanoseconds, self.totalDeadline))
        self.state.pool.submit(attempt)
    }

    override func gateOpened(isProbe: Bool) { self.letIn(isProbe: isProbe) }

    override func gateShut(_ refusal: GateRefusal) { self.shutOut(refusal) }

    override func deadlineReached() {
        switch self.machine.deadline() {
        case .authorise:
            if self.machine.phase == .reading, let readBeforeWrite = self.readBeforeWrite {
                self.request = readBeforeWrite.readRequest
            }
            self.authorise()
        case .giveUpTurn:
            self.finish(.problem(.turnNotTaken(target: self.target.name, waited: true)))
        case .giveUpPermit:
            self.withdraw(because: .storeUnavailable(target: self.target.name))
        case .giveUpToken:
            self.finish(.problem(self.problem(of: .unavailable(.timedOutBeforeSending))))
        case .giveUpGate:
            self.refused(self.state.gate.leave(self, of: self.order.owner))
        case .doNothing:
            break
        }
    }

    /// The caller has gone: a request that has not been sent is not sent any more.
    func abandonIfNotSent() {
        switch self.machine.callerLeft() {
        case .finish:
            self.leaveGate()
            self.finish()
        case .finishIfUnsent: if self.attempt?.abandonIfWaiting() == true { self.withdraw() }
        case .doNothing: break
        }
    }

    /// The gateway's drain timeout is over: a request that has been sent gets no answer.
    func cut() {
        switch self.machine.cut() {
        case .finish: break
        case .finishUnlessUnsent: if self.attempt?.abandonIfWaiting() != true { self.machine.writeGivenUp() }
        case .doNothing: return
        }
        self.leaveGate()
        self.finish(
            .problem(
                .stopping(target: self.target.name, operation: self.order.operation, wasSent: self.mayHaveActed)))
    }

    // MARK: The end

    /// The result as an answer's body, given away; empty where it was a problem, or none.
    func takeDocument(isMinimal: Bool) -> [UInt8] {
        guard self.resultKind == .success || self.resultKind == .dryRun else { return [] }
        var taken: DeliveryResult?
        swap(&taken, &self.result)
        self.memory.set(0)
        switch consume taken {
        case .product(let canonical):
            return self.order.requestID.withBytes {
                canonical.json(target: self.target.name, requestID: $0, isMinimal: isMinimal)
            }
        case .vendorDocument(let document), .dryRun(let document):
            return document
        case .problem, nil:
            return []
        }
    }

    private func settle(_ result: consuming DeliveryResult) {
        self.resultKind = result.kind
        self.memory.set(result.bytesHeld)
        self.result = result
    }

    /// Drops the result's document, which nobody will take; its kind stays, and so does a problem.
    func dropDocument() {
        guard self.resultKind == .success || self.resultKind == .dryRun else { return }
        self.result = nil
        self.memory.set(0)
    }

    func finish(_ result: consuming DeliveryResult) {
        guard self.machine.state != .finished else { return }
        if let lookup = self.lookup, case .problem = result {
            self.settle(.problem(lookup.problem))
        } else if let request = self.request, request.isFollowing, case .problem(let problem) = result {
            self.settle(.problem(request.judged(problem, of: self.order.operation)))
        } else if self.mayHaveActed, case .problem(let problem) = result {
            self.settle(.problem(problem.afterUnknownAttempt(of: self.order.operation)))
        } else {
            self.settle(result)
        }
        self.finish()
    }

    func finish() {
        guard self.machine.finished() else { return }
        self.environment.deadlines.cancel(self)
        self.readBeforeWrite?.end()
        self.countDuration()
        self.trace?.ended(at: self.environment.clock.now())
        self.attempt = nil
        // The record of the exchange keeps deliveries until the answer is read, and nobody sends this again.
        self.request = nil
        var delegate: (any DeliveryDelegate)?
        swap(&delegate, &self.delegate)
        delegate?.deliveryFinished(self)
    }

    /// From the whole, translated request to now; nothing where nothing was to be sent.
    private func countDuration() {
        guard self.startedAt > 0 else { return }
        let duration = self.environment.clock.now() &- self.startedAt
        self.durationNanoseconds = duration
        self.metrics.observe(duration, in: .deliveryDuration, self.order.operation.counted.rawValue)
    }
}

extension Delivery: AttemptDelegate {
    func attempt(_ attempt: Attempt, finished result: Swift.Result<VendorAnswer, AttemptFailure>) {
        // One that was cut has been given back to the gate already.
        guard self.machine.state == .attempting || self.machine.state == .probing else { return }
        let now = self.environment.clock.now()
        self.metrics.attemptEnded(result, sentAt: attempt.sentAt, now: now)
        self.vendor.add(attempt, now: now)
        self.trace?.attemptEnded(at: now) { $0.note(attempt, result) }
        self.attempt = nil
        self.tellGate(attempt, result, now: now)
        if self.machine.probeEnded() {
            self.probed(result)
            return
        }
        switch result {
        case .success(let answer):
            self.received(answer, secret: SecretMask(authorization: attempt.request.authorization))
        case .failure(let failure): self.failed(failure)
        }
    }
}

extension DeliveryTrace.Attempt {
    /// What came of it.
    fileprivate mutating func note(_ attempt: Attempt, _ result: Swift.Result<VendorAnswer, AttemptFailure>) {
        self.sentAt = attempt.sentAt
        self.version = attempt.version
        switch result {
        case .success(let answer): self.status = answer.status
        case .failure(let failure): self.failure = failure.counted.label
        }
    }
}
