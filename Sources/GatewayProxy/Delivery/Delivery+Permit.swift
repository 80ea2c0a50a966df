import GatewayTranslation

/// What somebody has to agree to before a change goes out.
extension Delivery {
    func ask(_ permit: any SendingPermit, _ authorization: [UInt8]?) {
        let now = self.environment.clock.now()
        let decision = permit.permit(
            self.target.name, endsBy: min(now &+ self.target.timeouts.attemptNanoseconds, self.totalDeadline)
        ) {
            LoopReply(to: self.environment.eventLoop) { self.permitArrived($0, authorization) }
        }
        guard let decision else {
            self.machine.permitAwaited()
            self.environment.deadlines.schedule(self, in: permit.patienceNanoseconds)
            return
        }
        self.decided(decision, authorization)
    }

    private func permitArrived(_ decision: SendingDecision, _ authorization: [UInt8]?) {
        guard self.machine.permitArrived() == .attempt else { return }
        self.environment.deadlines.cancel(self)
        self.decided(decision, authorization)
    }

    private func decided(_ decision: SendingDecision, _ authorization: [UInt8]?) {
        switch decision {
        case .granted: self.sendAttempt(authorization: authorization)
        case .refused(let problem): self.withdraw(because: problem)
        }
    }

    /// The place that the gate has given it is given back.
    func withdraw(because problem: Problem) {
        self.isProbing = false
        self.state.gate.withdrawn()
        self.finish(.problem(problem))
    }

    /// What makes a repetition do nothing again at the vendor, where it takes such a key.
    var vendorKey: (name: String, value: String)? {
        guard let permit = self.order.permit, self.machine.state == .attempting, self.machine.isChanging,
            let name = self.target.plan.idempotencyHeader(of: self.order.operation),
            let value = permit.vendorKey(for: self.target.name)
        else { return nil }
        return (name, value)
    }

    /// The same, where the vendor wants it in what is sent: there always is one then, the same in every try.
    var writtenKey: VendorKey? {
        guard self.target.plan.writesKey(self.order.operation), !self.order.isDryRun else { return nil }
        let kept = self.order.permit?.vendorKey(for: self.target.name).flatMap { VendorKey(digits: $0) }
        return kept ?? VendorKey(using: &self.environment.random)
    }
}
