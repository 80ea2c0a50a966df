import Synchronization

/// How many attempts a target gets at a time: one more for each full window of answers, three tenths less where it is
/// too slow or asks for less.
///
/// No gradient of latency: what a vendor behind the Internet takes says more of the way there than of its load. Any
/// thread. As long as nothing was ever wrong, an attempt costs an addition before it, a subtraction and a load after.
struct ConcurrencyLimit: ~Copyable, Sendable {
    /// Fewer would take the target to a standstill when one attempt hangs.
    static let floor = 2

    /// Fewer under way than this say nothing of how many the target bears.
    static let few = 16

    private let ceiling: Int
    private let limit: Atomic<Int>
    private let underWay = Atomic<Int>(0)
    private let answersSinceRaised = Atomic<Int>(0)
    private let loweredAt = Atomic<UInt64>(0)

    init(ceiling: Int) {
        self.ceiling = max(Self.floor, ceiling)
        self.limit = Atomic(max(Self.floor, ceiling))
    }

    /// In force, and under way.
    var current: (limit: Int, underWay: Int) {
        (self.limit.load(ordering: .relaxed), self.underWay.load(ordering: .relaxed))
    }

    /// - Returns: whether another attempt may be made, which is counted then.
    func take() -> Bool {
        let count = self.underWay.wrappingAdd(1, ordering: .relaxed).newValue
        if count <= self.limit.load(ordering: .relaxed) { return true }
        self.giveBack()
        return false
    }

    /// One that is made whatever the limit says.
    func add() {
        self.underWay.wrappingAdd(1, ordering: .relaxed)
    }

    func giveBack() {
        self.underWay.wrappingSubtract(1, ordering: .relaxed)
    }

    func answered() {
        let limit = self.limit.load(ordering: .relaxed)
        guard limit < self.ceiling else { return }
        guard self.answersSinceRaised.wrappingAdd(1, ordering: .relaxed).newValue >= limit else { return }
        self.answersSinceRaised.store(0, ordering: .relaxed)
        _ = self.limit.compareExchange(expected: limit, desired: limit + 1, ordering: .relaxed)
    }

    /// Once for all attempts that were under way together: they met the same moment. Not where the limit is far above
    /// what is under way: one slow product among few says nothing of how many the target bears.
    func pushedBack(sentAt: UInt64, now: UInt64) {
        let (limit, underWay) = self.current
        guard limit >= self.ceiling || underWay >= limit / 2 else { return }
        let lowered = self.loweredAt.load(ordering: .relaxed)
        guard sentAt >= lowered,
            self.loweredAt.compareExchange(expected: lowered, desired: now, ordering: .relaxed).exchanged
        else { return }
        self.lower(to: max(Self.floor, min(limit, max(underWay, Self.few)) * 7 / 10))
    }

    /// A target that comes back from being left alone begins with few.
    func beginWithFew() {
        self.lower(to: Self.few)
    }

    private func lower(to limit: Int) {
        if limit < self.limit.load(ordering: .relaxed) { self.limit.store(limit, ordering: .relaxed) }
        self.answersSinceRaised.store(0, ordering: .relaxed)
    }
}
