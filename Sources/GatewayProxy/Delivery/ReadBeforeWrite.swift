import GatewayTranslation

/// What a vendor that replaces whole products needs before a write: the product's turn, a read, and a merge; and all of
/// it again before a write is repeated.
struct ReadBeforeWrite {
    /// What the caller wants changed.
    let update: VendorRequest
    private let plan: TargetPlan
    private let turns: ProductTurns
    private let product: ProductTurns.Product
    private var place: ProductTurns.Place?
    private var hasTurn = false
    /// What the write was merged into, while the vendor may refuse it because of its version.
    private var base: VendorAnswer?
    /// What a write was merged into that was refused because the product had changed since.
    private(set) var formerBase: VendorAnswer?

    /// - Parameter baseURL: of the target, without a slash at its end.
    init(_ update: VendorRequest, plan: TargetPlan, baseURL: String, turns: ProductTurns) {
        self.update = update
        self.plan = plan
        self.turns = turns
        self.product = ProductTurns.Product(baseURL: baseURL, path: update.path, id: update.id ?? [])
    }

    /// What asks for the product as it is.
    var readRequest: VendorRequest { self.plan.readRequest(before: self.update) }

    /// Waits for the product's turn, unless it comes at once.
    mutating func takeTurn(waitersMax: Int, reply: () -> LoopReply<Void>) -> ProductTurns.Decision {
        // A new product is nobody else's yet.
        if self.update.changeReadFirst == .create { return .taken }
        let decision = self.turns.take(self.product, waitersMax: waitersMax, reply: reply)
        switch decision {
        case .taken: self.hasTurn = true
        case .wait(let place): self.place = place
        case .full: break
        }
        return decision
    }

    /// The turn that was waited for has come.
    mutating func turnArrived() {
        self.place = nil
        self.hasTurn = true
    }

    /// What was read and merged is going to be written.
    mutating func merged(into current: VendorAnswer, hasVersion: Bool) {
        self.base = hasVersion ? current : nil
        self.formerBase = nil
    }

    /// The product has changed since it was read.
    mutating func writeRefused() {
        self.formerBase = self.base
        self.base = nil
    }

    /// Gives the turn back, or the place in the row.
    mutating func end() {
        if let place = self.place {
            self.place = nil
            // Where it has been told already, it is given back as it arrives.
            _ = self.turns.leave(self.product, place)
        }
        if self.hasTurn {
            self.hasTurn = false
            self.turns.giveBack(self.product)
        }
    }

    /// What is there, changed as the caller asks.
    func merged(
        into current: VendorAnswer, by translator: Translator, secret: SecretMask?, nowEpochSeconds: Int
    ) throws(Problem) -> VendorRequest {
        try translator.merge(
            self.update, of: self.update.changeReadFirst ?? .update, into: current, for: self.plan, secret: secret,
            nowEpochSeconds: nowEpochSeconds)
    }
}

extension VendorRequest {
    /// Whether an answer tells that the product has changed since it was read.
    func isStale(by answer: VendorAnswer, at plan: TargetPlan, _ translator: Translator) -> Bool {
        guard answer.status >= 400, !self.isFollowing else { return false }
        if answer.status == 412 || answer.status == 409, self.hasVersion { return true }
        return translator.tellsOfChange(answer, for: plan)
    }

    /// Whether the vendor is to refuse it where the product has changed since it was read.
    var hasVersion: Bool { self.headers.contains { $0.name == "if-match" } }
}
