import GatewayMetrics
import GatewayStore
import GatewayTranslation

/// What a part does whose line has an idempotency key of its own: it is a request with a key, of one target.
///
/// The key is one among lines: a single request with the same text has another record, because it is answered in
/// another way.
extension BulkPart {
    /// How long a line waits for another one with its key: as long as most lines take.
    private static let waitSeconds = 10

    func send(_ order: DeliveryOrder, by key: [UInt8], environment: DeliveryEnvironment) {
        var question = Question()
        question.identity = self.stream.question.identity
        question.operation = self.line.operation
        question.productID = self.line.id
        question.targets = [self.lane.target]
        question.preferences.handling = self.stream.question.preferences.handling
        let name = key + [0] + self.lane.target.name.utf8
        switch self.stream.environment.records.keyed.request(
            question, self.line.operation, key: name, body: self.line.product, requestID: self.line.requestID,
            waitSeconds: Self.waitSeconds)
        {
        case .failure(let problem):
            let delivery = Delivery(order, to: self.lane.target, environment: environment, delegate: self)
            self.delivery = delivery
            delivery.refuse(problem)
            delivery.send()
        case .success(let keyed):
            var order = order
            order.permit = keyed
            let delivery = Delivery(order, to: self.lane.target, environment: environment, delegate: self)
            self.delivery = delivery
            self.keyed = keyed
            self.isClaiming = true
            keyed.start { self.decided($0, delivery, keyed) }
        }
    }

    private func decided(_ decision: KeyedRequest.Decision, _ delivery: Delivery, _ keyed: KeyedRequest) {
        self.isClaiming = false
        let target = self.lane.target.name
        switch decision {
        case .refuse(let problem): delivery.refuse(problem)
        case .go:
            switch keyed.action(for: target, self.repeatability) {
            case .replay:
                if let kept = keyed.keptAnswer(of: target) {
                    delivery.replay(kept)
                } else {
                    // Kept by a version of the gateway that wrote in another way.
                    delivery.refuse(.outcomeUnknown(target: target, earlier: keyed.earlierRequestID ?? ""))
                }
            case .run:
                delivery.translate(self.line.product)
            case .runAgain:
                delivery.repeatsUnknownAttempt()
                delivery.translate(self.line.product)
            case .lookUp:
                delivery.translate(self.line.product)
                delivery.looksUpEarlierCreate { isLookedUp in
                    .outcomeUnknown(target: target, earlier: keyed.earlierRequestID ?? "", isLookedUp: isLookedUp)
                }
            case .refuseAsUnknown, .wait:
                delivery.refuse(.outcomeUnknown(target: target, earlier: keyed.earlierRequestID ?? ""))
            }
        }
        keyed.delivers(to: delivery.resultKind == .replayed ? 0 : 1)
        delivery.send()
    }

    private var repeatability: RepetitionRule.Repeatability {
        if self.isRepeatable { return .idempotent }
        return self.lane.target.plan.canFind ? .findable : .neither
    }

    /// Nobody waits for what is known of the key.
    func giveUpClaim() {
        guard let delivery = self.delivery else { return }
        self.isClaiming = false
        self.keyed?.giveUp()
        self.keyed = nil
        delivery.refuse(
            .stopping(target: self.lane.target.name, operation: self.line.operation, wasSent: false))
        delivery.send()
    }

    /// Records what became of the line under its key; its result counts when that is done.
    func settle(_ delivery: Delivery, in keyed: KeyedRequest) {
        self.keyed = nil
        guard delivery.resultKind != .replayed else { return self.stream.finished(self, delivery) }
        var problem: Problem?
        if case .problem(let failure) = delivery.result { problem = failure }
        let outcome: TargetOutcome
        switch KeepRule.verdict(on: delivery.resultKind, problem, mayHaveActed: delivery.mayHaveActed) {
        case .keep: outcome = .done(self.answer(of: delivery, problem).bytes)
        case .release: outcome = .released
        case .leaveOpen: outcome = .open
        }
        keyed.settle(self.lane.target.name, outcome) { self.stream.finished(self, delivery) }
    }

    /// What a repetition of the line is told: of a problem its document, of a create the id.
    private func answer(of delivery: Delivery, _ problem: Problem?) -> KeptAnswer {
        guard let problem else {
            return KeptAnswer(
                status: self.line.operation == .create ? 201 : 200, code: LabelValues.ok, isProblem: false,
                outcome: nil, body: [], location: delivery.productID)
        }
        return KeptAnswer(
            status: problem.code.status, code: problem.code.rawValue, isProblem: true, outcome: problem.outcome,
            body: problem.json(requestID: self.line.requestID.string))
    }
}
