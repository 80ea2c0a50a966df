import GatewayMetrics
import GatewayTranslation

/// Whether an attempt that came to nothing is made again, and after what pause.
extension Delivery {
    /// The attempt brought no answer.
    func failed(_ failure: AttemptFailure) {
        let pause = self.pause(after: RepeatRule.Event(failure), counted: failure.counted)
        switch self.machine.failed(mayHaveActed: !failure.isBeforeProcessing, pauseNanoseconds: pause) {
        case .pause(let nanoseconds): self.tryAgain(in: nanoseconds)
        case .finish:
            self.conclude(
                failure.problem(
                    target: self.target.name, operation: self.order.operation, isReading: !self.machine.isChanging))
        case .doNothing: break
        }
    }

    /// The vendor has answered with what may be a reason to ask again.
    ///
    /// - Returns: whether it is asked again. If not, it is an answer like any other.
    func isAskedAgain(after answer: VendorAnswer) -> Bool {
        let retryAfter = self.retryAfterNanoseconds(of: answer)
        guard let event = RepeatRule.Event(status: answer.status, hasRetryAfter: retryAfter != nil) else {
            return false
        }
        let word = self.target.plan.word(on: answer.status)
        let pause = self.pause(
            after: event, dialect: RepeatRule.Word(isRefusal: word.isRefusal, repeats: word.repeats),
            retryAfterNanoseconds: retryAfter, counted: event.counted)
        guard let pause else { return false }
        let mayHaveActed = event != .throttled && !word.isRefusal
        guard case .pause(let nanoseconds) = self.machine.failed(mayHaveActed: mayHaveActed, pauseNanoseconds: pause)
        else { return false }
        self.metrics.vendorAnswered(answer.status, event == .throttled ? .rateLimited : .vendorUnavailable)
        self.tryAgain(in: nanoseconds)
        return true
    }

    /// How long to wait before the attempt is made again; nil where it is not: it must not be, or not so often, or
    /// there is no time left, or the target has had as many retries as it gets.
    private func pause(
        after event: RepeatRule.Event, dialect word: RepeatRule.Word = RepeatRule.Word(),
        retryAfterNanoseconds: UInt64? = nil, counted: AttemptOutcome
    ) -> UInt64? {
        // A lookup is the last word: its caller has waited long enough.
        guard self.machine.phase != .lookingUp else { return nil }
        let (now, tries) = (self.environment.clock.now(), self.machine.tries)
        let decision = self.target.retryPolicy.decide(
            event, of: self.repeatedRequest, dialect: word, attemptsMade: tries,
            retryAfterNanoseconds: retryAfterNanoseconds,
            random: Double.random(in: 0..<1, using: &self.environment.random))
        guard case .retry(let pause) = decision, now < self.totalDeadline else { return nil }
        // What is left after the pause must be worth an attempt.
        let left = self.totalDeadline &- now
        guard pause < left, left &- pause >= Self.attemptNanosecondsMin else { return nil }
        if let price = event.price(attemptsMade: tries), !self.state.gate.health.takeRetry(price, now: now) {
            self.metrics.add(to: .retriesSuppressed)
            return nil
        }
        self.metrics.retried(counted)
        return pause
    }

    /// Nothing can be sent and answered in less than a tick of the deadlines.
    static let attemptNanosecondsMin = DeadlineWheel.nanosecondsPerTick

    private func tryAgain(in nanoseconds: UInt64) {
        guard nanoseconds > 0 else {
            self.deadlineReached()
            return
        }
        self.trace?.waits(for: .pause, at: self.environment.clock.now())
        self.environment.deadlines.schedule(self, in: nanoseconds)
    }

    /// A read before a write is repeated as the update is: both come to the same twice as once.
    private var repeatedRequest: RepeatRule.Request {
        guard self.order.operation == .create, self.machine.phase != .reading else { return .update }
        let plan = self.target.plan
        if plan.writesKey(.create) || (self.order.permit != nil && plan.idempotencyHeader(of: .create) != nil) {
            return .createWithVendorKey
        }
        return switch self.target.plan.createIdentity {
        case .vendorKey: .createWithVendorKey
        case .callersID: .createWithCallersID
        case .vendorsID: .createWithVendorsID
        }
    }
}

extension RepeatRule.Event {
    /// As what a retry after it is counted.
    fileprivate var counted: AttemptOutcome {
        switch self {
        case .throttled: .throttled
        case .unavailable: .unavailable
        default: .failed
        }
    }
}
