import GatewayStore
import GatewayTranslation

/// What an exchange does about its idempotency key.
extension Exchange {
    /// Asks what is known of the key.
    ///
    /// - Returns: whether the exchange goes on when that is answered; without a key that counts it goes on at once.
    func claimKey() -> Bool {
        let request = self.environment.keyed.request(
            self.question, body: self.body.bytes, requestID: self.requestID)
        switch request {
        case nil:
            return false
        case .failure(let problem):
            self.machine.claimAwaited()
            self.refuse(problem)
        case .success(let keyed):
            self.environment.deadlines.cancel(self)
            self.keyed = keyed
            self.machine.claimAwaited()
            keyed.start { self.claimDecided($0) }
        }
        return true
    }

    private func claimDecided(_ decision: KeyedRequest.Decision) {
        switch decision {
        case .go: if self.machine.claimed() == .deliver { self.deliver() }
        case .refuse(let problem): self.refuse(problem)
        }
    }

    /// Prepares a delivery by what is known of its target.
    ///
    /// - Returns: whether it is to be translated and sent; otherwise it has its result, or what it sends instead.
    func mustSend(_ delivery: Delivery) -> Bool {
        guard let keyed = self.keyed else { return true }
        let target = delivery.target.name
        let repeatability = Self.repeatability(of: self.question.operation ?? .update, at: delivery.target)
        var action = keyed.action(for: target, repeatability)
        if action == .replay {
            if let kept = keyed.keptAnswer(of: target) {
                delivery.replay(kept)
                return false
            }
            // Another version of the gateway has written it, in a form that this one cannot read.
            action = RepetitionRule.action(after: .sending, isOwned: false, repeatability)
        }
        switch action {
        case .run, .replay:
            return true
        case .runAgain:
            delivery.repeatsUnknownAttempt()
            return true
        case .lookUp:
            delivery.translate(self.body.bytes)
            delivery.looksUpEarlierCreate { isLookedUp in
                .outcomeUnknown(target: target, earlier: keyed.earlierRequestID ?? "", isLookedUp: isLookedUp)
            }
            return false
        case .refuseAsUnknown, .wait:
            delivery.refuse(.outcomeUnknown(target: target, earlier: keyed.earlierRequestID ?? ""))
            return false
        }
    }

    /// What asking twice comes to: absolute values, or a key that the vendor takes, are as good as once.
    private static func repeatability(
        of operation: ProductOperation, at target: Target
    ) -> RepetitionRule.Repeatability {
        if operation != .create || target.plan.takesKey(operation) { return .idempotent }
        return target.plan.canFind ? .findable : .neither
    }

    /// Records what became of a target; its result counts when that is done.
    func settle(_ delivery: Delivery) {
        guard let keyed = self.keyed, delivery.resultKind != .replayed else {
            self.resultCame()
            return
        }
        var problem: Problem?
        if case .problem(let failure) = delivery.result { problem = failure }
        let outcome: TargetOutcome
        switch KeepRule.verdict(on: delivery.resultKind, problem, mayHaveActed: delivery.mayHaveActed) {
        case .keep:
            let answer = Answering.kept(delivery, to: self.question, requestID: self.requestID)
            delivery.keep(answer)
            outcome = .done(answer.bytes)
        case .release: outcome = .released
        case .leaveOpen: outcome = .open
        }
        keyed.settle(delivery.target.name, outcome) { self.resultCame() }
    }
}

extension KeyedRequest {
    /// For the log line.
    var recorded: RecordedKey { RecordedKey(digits: self.recordDigits, earlierRequestID: self.earlierRequestID) }
}
