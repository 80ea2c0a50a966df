/// Holds back lines that are done until all such lines of their block have come again, and says whether they are the
/// same ones. One for each target of a stream. Decides only.
///
/// A block's lines that are done are known by number and by one sum of their contents: only all of them together can be
/// told from others.
struct LineVerification<Waiter> {
    enum Verdict {
        case nothing
        /// They are the lines that are done.
        case same([Waiter])
        /// They are not, or not all of them came.
        case different([Waiter])
    }

    private var waiting: [Waiter] = []
    private var count = 0
    private var sum: UInt64 = 0
    /// What was done of the block when its first line came.
    private var expected: (count: Int, sum: UInt64) = (0, 0)
    /// Of the whole stream; nil before the first line.
    private var block: Int?

    init() {}

    /// How many wait.
    var waiters: Int { self.waiting.count }

    /// A line of the block comes. Where it is the first of it, an earlier block has come to its end.
    ///
    /// - Parameter done: what is known of the block.
    mutating func reach(block: Int, done: () -> (count: Int, sum: UInt64)) -> Verdict {
        guard block != self.block else { return .nothing }
        let verdict = self.end()
        self.block = block
        self.expected = done()
        return verdict
    }

    /// A line that is done has come, of the block that was reached.
    ///
    /// - Parameter waiter: who is to be told; nil where the line counts and nobody is.
    mutating func came(_ waiter: Waiter?, digest: UInt64) -> Verdict {
        if let waiter { self.waiting.append(waiter) }
        self.count += 1
        self.sum &+= digest
        return self.count == self.expected.count ? self.judge() : .nothing
    }

    /// No further line of the block comes.
    mutating func end() -> Verdict {
        let verdict = self.judge()
        (self.count, self.sum) = (0, 0)
        return verdict
    }

    private mutating func judge() -> Verdict {
        let waiters = self.giveUp()
        guard !waiters.isEmpty else { return .nothing }
        let isSame = self.count == self.expected.count && self.sum == self.expected.sum
        return isSame ? .same(waiters) : .different(waiters)
    }

    /// Everybody who waits; nobody does afterwards.
    mutating func giveUp() -> [Waiter] {
        var waiters: [Waiter] = []
        swap(&waiters, &self.waiting)
        return waiters
    }
}
