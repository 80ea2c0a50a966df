import GatewayMetrics
import GatewayTranslation

/// Changes that travel in one request with others: each has a delivery of its own, which is never sent, and another one
/// carries them all.
extension Delivery {
    // MARK: The one that carries

    /// Sends a request with several changes: one attempt of the target's, with one place at the gate, one deadline, and
    /// the retries of a request. Its answer goes to the delegate, which takes it apart.
    func carry(_ request: VendorRequest) {
        self.request = request
        let now = self.environment.clock.now()
        // Not `startedAt`: what is told of is how long each change took.
        self.totalDeadline = now &+ self.target.timeouts.totalNanoseconds
        self.state.gate.health.requested(now: now)
        guard self.machine.startCarrying() == .authorise else { return }
        self.authorise()
    }

    func takeApart(_ answer: VendorAnswer, _ secret: SecretMask?) {
        guard let delegate = self.delegate else { return self.finish() }
        let problem = delegate.takeApart(answer, secret: secret, of: self)
        self.metrics.vendorAnswered(answer.status, problem?.code)
        self.environment.bodyBuffers.giveBack(&answer.body)
        guard let problem else { return self.finish(.vendorDocument([])) }
        self.finish(.problem(problem))
    }

    // MARK: Those that are carried

    /// Writes the caller's document as an item of a request with several.
    ///
    /// - Returns: false where it has to be sent by itself.
    func translateAsItem(_ body: [UInt8]) -> Bool {
        let startedAt = self.environment.clock.exactNow()
        defer {
            let endedAt = self.environment.clock.exactNow()
            self.environment.clock.timePassed(to: endedAt)
            self.metrics.observe(endedAt &- startedAt, in: .translationDuration)
        }
        let item = self.environment.translator.item(
            self.order.operation, for: self.target.plan, id: self.order.productID, body: body,
            handling: self.order.handling, access: self.order.access(self.target))
        guard let item else { return false }
        self.request = item
        self.askedID = item.id
        return true
    }

    /// The request that carried this change is over.
    ///
    /// - Parameter startedAt: when it began.
    func wasCarried(by carrier: Delivery, since startedAt: UInt64) {
        self.startedAt = startedAt
        self.totalDeadline = carrier.totalDeadline
        self.vendorStatus = carrier.vendorStatus
        self.machine.wasCarried(by: carrier.machine)
    }

    /// The change has an answer of its own among those of the others.
    func foldItem(_ answer: VendorAnswer, secret: SecretMask?) {
        guard let request = self.request else { return self.finish() }
        self.vendorStatus = answer.status
        let folded = self.environment.translator.fold(
            answer, to: request, operation: self.order.operation, for: self.target.plan, keepsProduct: false,
            secret: secret, nowEpochSeconds: self.environment.clock.epochSeconds)
        switch consume folded {
        case .product(let product):
            self.noteProduct(product, answer)
            self.finish(.product(product))
        case .problem(let problem):
            self.conclude(problem)
        }
    }
}
