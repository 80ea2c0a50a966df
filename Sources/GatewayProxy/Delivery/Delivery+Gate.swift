import GatewayMetrics
import GatewayTranslation

/// Whether the target takes an attempt now: before each one, and what each one tells of the target's health.
extension Delivery {
    /// A target that has failed too often is left alone: then nothing is even prepared.
    ///
    /// - Returns: whether that has ended the delivery.
    func isLeftAlone() -> Bool {
        let now = self.environment.clock.now()
        guard let until = self.state.gate.health.isLeftAlone(now: now) else { return false }
        self.refused(.leftAlone(nanoseconds: until &- now))
        return true
    }

    func enterGate(authorization: [UInt8]?) {
        // What cannot end in time is not begun.
        guard self.environment.clock.now() &+ Self.attemptNanosecondsMin <= self.totalDeadline else {
            self.finish(
                .problem(
                    AttemptFailure.timedOutBeforeSending.problem(
                        target: self.target.name, operation: self.order.operation,
                        isReading: !self.machine.isChanging)))
            return
        }
        switch self.state.gate.enter(self, of: self.order.owner, deadline: self.totalDeadline) {
        case .go:
            self.startAttempt(authorization: authorization)
        case .probe:
            self.isProbing = true
            self.startProbe(authorization: authorization)
        case .wait(let until):
            self.machine.gateAwaited()
            self.trace?.waits(for: .gate, at: self.environment.clock.now())
            self.authorizationAtGate = authorization
            self.environment.deadlines.schedule(self, at: until)
        case .refuse(let refusal):
            self.refused(refusal)
        }
    }

    /// The gate lets in what has waited.
    func letIn(isProbe: Bool) {
        guard self.machine.gateOpened() == .attempt else {
            self.state.gate.withdrawn()
            return
        }
        self.environment.deadlines.cancel(self)
        let authorization = self.authorizationAtGate
        self.authorizationAtGate = nil
        self.isProbing = isProbe
        if isProbe {
            self.startProbe(authorization: authorization)
        } else {
            self.startAttempt(authorization: authorization)
        }
    }

    func shutOut(_ refusal: GateRefusal) {
        guard self.machine.gateShut() else { return }
        self.environment.deadlines.cancel(self)
        self.refused(refusal)
    }

    func refused(_ refusal: GateRefusal) {
        self.metrics.heldBack(refusal)
        self.finish(.problem(refusal.problem(target: self.target.name)))
    }

    // MARK: Probes

    /// The first request after a pause because of failures. What changes nothing, or may be made twice where there is
    /// nothing else: never a create.
    private func startProbe(authorization: [UInt8]?) {
        let isReading = !self.machine.isChanging
        guard !isReading, let probe = self.target.plan.probe(before: self.order.operation, id: self.order.productID)
        else {
            self.startAttempt(authorization: authorization)
            return
        }
        self.machine.probeStarted()
        self.submit(probe, authorization)
    }

    /// The target has shown whether it is back: what was to be sent follows, or is not sent.
    func probed(_ result: Result<VendorAnswer, AttemptFailure>) {
        if case .success(let answer) = result { self.vendorStatus = answer.status }
        self.authorise()
    }

    // MARK: What an attempt tells

    func tellGate(_ attempt: Attempt, _ result: Result<VendorAnswer, AttemptFailure>, now: UInt64) {
        let isProbe = self.isProbing
        self.isProbing = false
        var signal = AttemptSignal(
            result, of: attempt, attemptNanoseconds: self.target.timeouts.attemptNanoseconds, now: now)
        if case .success(let answer) = result {
            if self.isPause(answer, now: now) { signal = .throttled }
            if self.target.plan.hasLimits { self.noteLimit(of: answer, now: now) }
        }
        let change = self.state.gate.ended(
            signal, isProbe: isProbe, sentAt: attempt.sentAt ?? attempt.madeAt)
        guard change != .none else { return }
        self.metrics.breakerChanged(change)
        change.log(target: self.target.name, to: self.environment.logger)
    }

    /// Whether the vendor is well and wants to be left alone for a while; it is, then.
    private func isPause(_ answer: VendorAnswer, now: UInt64) -> Bool {
        guard answer.status == 429 || answer.status == 503 else { return false }
        let wish = self.retryAfterNanoseconds(of: answer)
        if answer.status == 429 {
            self.state.gate.health.pause(
                for: wish ?? RetryPolicy.throttledPauseNanoseconds, because: .rate, now: now)
        } else if let wish {
            self.state.gate.health.pause(for: wish, because: .unavailable, now: now)
        }
        return answer.status == 429 || wish != nil
    }

    private func noteLimit(of answer: VendorAnswer, now: UInt64) {
        guard let limit = self.target.plan.limit(in: answer, nowEpochSeconds: self.environment.clock.epochSeconds)
        else { return }
        self.state.gate.health.told(
            remaining: limit.remaining, untilReset: limit.untilResetNanoseconds, now: now)
    }

    func retryAfterNanoseconds(of answer: VendorAnswer) -> UInt64? {
        answer.retryAfterSeconds(nowEpochSeconds: self.environment.clock.epochSeconds)
            .map { UInt64(max(0, $0)) &* 1_000_000_000 }
    }

    /// The attempt that is given up before it was sent takes no place any more.
    func withdraw() {
        self.isProbing = false
        self.state.gate.withdrawn()
        self.finish()
    }

    /// Whatever place there is is given back, without a word on how the target is.
    func leaveGate() {
        switch self.machine.state {
        case .awaitingGate: self.state.gate.leave(self, of: self.order.owner)
        case .awaitingPermit, .attempting, .probing: self.state.gate.withdrawn()
        case .idle, .awaitingTurn, .awaitingToken, .pausing, .finished: break
        }
    }
}

extension AttemptSignal {
    /// - Parameter attemptNanoseconds: how long an attempt may take. One that was given less, by its caller or by the
    ///   attempts before it, and was not answered in that time says nothing of the target.
    init(
        _ result: Result<VendorAnswer, AttemptFailure>, of attempt: Attempt, attemptNanoseconds: UInt64, now: UInt64
    ) {
        let hadItsTime = now &- attempt.madeAt >= attemptNanoseconds
        switch result {
        case .success(let answer):
            self = (500...599).contains(answer.status) ? .failed : .answered
        case .failure(let failure):
            switch failure {
            case .notConnected, .notTrusted: self = attempt.sharesFailure ? .nothing : .failed
            case .timedOut: self = hadItsTime ? .timedOut : .nothing
            case .timedOutBeforeSending: self = hadItsTime ? .failed : .nothing
            case .endedWithoutAnswer, .answerCutShort, .answerMalformed: self = .failed
            case .refused, .queueFull, .queueTimedOut, .answerTooLarge: self = .nothing
            }
        }
    }
}
