import GatewayJSON

/// The order of a stream's lines at one target: those of one product go one after the other, all others side by side.
///
/// A line that fails lets none of the same product follow, where that is wanted, also long after it: the products are
/// remembered by hash, so that a million failures take 8 bytes each. (Two of 65,536 products have the same seeded hash
/// of 64 bits once in ten thousand million streams.) Decides only.
struct BulkOrder<Waiter> {
    enum OnArrival: Equatable { case go, wait, refuse }

    enum OnEnd {
        case nothing
        case next(Waiter)
        case refuse([Waiter])
    }

    private let goesOnAfterFailure: Bool
    private let failedMax: Int
    /// Behind the line that is under way, for each product that has one.
    private var waiting: [ExactText: [Waiter]] = [:]
    private var failed: Set<Int> = []

    init(goesOnAfterFailure: Bool, failedMax: Int = BulkLimits.failedMax) {
        self.goesOnAfterFailure = goesOnAfterFailure
        self.failedMax = failedMax
    }

    /// No further product can be remembered.
    var isFull: Bool { self.failed.count >= self.failedMax }

    /// A line has come for the product.
    mutating func arrived(_ waiter: Waiter, id: [UInt8]) -> OnArrival {
        let product = ExactText(bytes: id)
        guard self.failed.isEmpty || !self.failed.contains(product.hashValue) else { return .refuse }
        // Found by one look where nobody is under way, as is usual.
        guard var waiters = self.waiting.updateValue([], forKey: product) else { return .go }
        waiters.append(waiter)
        self.waiting[product] = waiters
        return .wait
    }

    /// The line that was under way for the product has its result.
    mutating func ended(id: [UInt8], hasFailed: Bool) -> OnEnd {
        let product = ExactText(bytes: id)
        guard var waiters = self.waiting.removeValue(forKey: product) else { return .nothing }
        if hasFailed, !self.goesOnAfterFailure {
            self.failed.insert(product.hashValue)
            return waiters.isEmpty ? .nothing : .refuse(waiters)
        }
        guard !waiters.isEmpty else { return .nothing }
        let next = waiters.removeFirst()
        self.waiting[product] = waiters
        return .next(next)
    }

    /// Everybody who waits; nobody does afterwards.
    mutating func giveUp() -> [Waiter] {
        let waiters = self.waiting.values.flatMap { $0 }
        for product in self.waiting.keys { self.waiting[product] = [] }
        return waiters
    }
}
