import GatewayMetrics
import GatewayTranslation

/// Whether a change was made after all: asked of the vendor, before a caller is told that nobody knows.
extension Delivery {
    /// Ends with a problem, unless what became of the change can be looked up first.
    func conclude(_ problem: Problem) {
        guard let planned = self.plannedLookup(of: problem), self.machine.lookUp() else {
            self.finish(.problem(problem))
            return
        }
        self.lookup = planned.lookup
        self.request = planned.request
        self.authorise()
    }

    /// An earlier request with the same key may have created the product already: the vendor is asked for it instead of
    /// creating it. The problem is told unless it has it. To be called once the create is translated.
    ///
    /// A product that is not found may still come: a vendor may be at work, or show later what it has. So nothing is
    /// created in any case.
    ///
    /// - Parameter problem: what is told where the vendor was asked, and where it cannot be: a product that has nothing
    ///   to be looked for by.
    func looksUpEarlierCreate(else problem: (_ isLookedUp: Bool) -> Problem) {
        guard self.resultKind == .none, let create = self.readBeforeWrite?.update ?? self.request,
            !create.isFollowing, let request = self.target.plan.findRequest(after: create)
        else {
            self.refuse(problem(false))
            return
        }
        self.repeatsUnknownAttempt()
        self.readBeforeWrite = nil
        self.lookup = Lookup(problem: problem(true), change: create)
        self.request = request
    }

    private func plannedLookup(of problem: Problem) -> (lookup: Lookup, request: VendorRequest)? {
        // Of several requests of a change, what an earlier one has done is known.
        guard self.machine.phase == .writing, self.request?.isFollowing != true,
            let change = self.readBeforeWrite?.update ?? self.request,
            let request = self.lookupRequest(after: change, problem),
            self.environment.clock.now() &+ Self.attemptNanosecondsMin <= self.totalDeadline
        else { return nil }
        let told = self.mayHaveActed ? problem.afterUnknownAttempt(of: self.order.operation) : problem
        return (Lookup(problem: told, change: change), request)
    }

    /// A create is looked for by what its caller knows of it, whatever has left it open. An update names its product,
    /// and is only looked at where a conflict may be with what it has itself written: otherwise its caller may just
    /// repeat it.
    private func lookupRequest(after change: VendorRequest, _ problem: Problem) -> VendorRequest? {
        switch self.order.operation {
        case .create:
            guard problem.outcome == .unknown || self.mayHaveActed else { return nil }
            return self.target.plan.findRequest(after: change)
        case .update:
            guard self.mayHaveActed, self.vendorStatus == 409 || self.vendorStatus == 412, let id = change.id else {
                return nil
            }
            return try? self.target.plan.readRequest(of: id)
        case .read:
            return nil
        }
    }

    func lookedUp(_ answer: VendorAnswer, _ secret: SecretMask?) {
        guard let lookup = self.lookup else { return }
        switch self.order.operation {
        case .create:
            let found = self.environment.translator.found(
                in: answer, after: lookup.change, for: self.target.plan, secret: secret)
            switch found {
            case .asAsked(let product):
                self.noteProduct(product, answer)
                self.settleLookup(.found, .product(product))
            case .another: self.settleLookup(.another, .problem(lookup.problem))
            case .nothing: self.settleLookup(.notFound, .problem(lookup.problem))
            }
        case .update, .read:
            let comparison = self.environment.translator.compare(
                lookup.change, of: .update, with: answer, for: self.target.plan)
            guard comparison?.isAsAsked == true, let result = self.product(in: answer, after: lookup.change, secret)
            else {
                self.settleLookup(comparison == nil ? .notFound : .another, .problem(lookup.problem))
                return
            }
            self.settleLookup(.found, result)
        }
    }

    private func settleLookup(_ outcome: LookupOutcome, _ result: consuming DeliveryResult) {
        self.metrics.add(to: .lookups, outcome.rawValue)
        self.finish(result)
    }

    /// A product that a read has shown, as the answer to the update that asked for it.
    private func product(
        in answer: VendorAnswer, after change: VendorRequest, _ secret: SecretMask?
    ) -> DeliveryResult? {
        let folded = self.environment.translator.foldRead(
            answer, to: change, for: self.target.plan, keepsProduct: !self.answersInVendorWords, secret: secret,
            nowEpochSeconds: self.environment.clock.epochSeconds)
        guard case .product(let product) = folded else { return nil }
        self.noteProduct(product, answer)
        return self.answersInVendorWords ? .vendorDocument(answer.body) : .product(product)
    }

    /// What was read before a write is written again may settle the matter: an earlier write of our own has arrived
    /// after all, or somebody else has changed what this update writes.
    ///
    /// - Returns: whether it does.
    func isSettled(by current: VendorAnswer, _ readBeforeWrite: ReadBeforeWrite, _ secret: SecretMask?) -> Bool {
        guard self.order.operation == .update, self.mayHaveActed || readBeforeWrite.formerBase != nil,
            let comparison = self.environment.translator.compare(
                readBeforeWrite.update, of: .update, with: current, before: readBeforeWrite.formerBase,
                for: self.target.plan)
        else { return false }
        if self.mayHaveActed, comparison.isAsAsked,
            let result = self.product(in: current, after: readBeforeWrite.update, secret)
        {
            self.metrics.vendorAnswered(current.status)
            self.settleLookup(.found, result)
            return true
        }
        guard comparison.isChangedByOthers else { return false }
        self.metrics.vendorAnswered(current.status, .conflict)
        self.finish(.problem(.changedByOthers(target: self.target.name)))
        return true
    }
}
