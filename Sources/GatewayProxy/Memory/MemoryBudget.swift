import Synchronization

/// How much memory the process may take for what its peers make it hold, and how much of it is taken.
///
/// Counted as it is taken and given back (`LoopMemory`), not sampled: bodies, answers, finished results, what
/// connections, libnghttp2 and OpenSSL hold. Any thread may call it; reading the stage is one load and some
/// comparisons.
final class MemoryBudget: Sendable {
    /// Bytes at which each stage begins.
    struct Limits: Sendable, Equatable {
        /// The budget itself.
        var bytes: Int
        var holding: Int
        var refusing: Int
        var shedding: Int

        /// - Parameters:
        ///   - bytes: the whole budget.
        ///   - percents: where the three stages begin, of the budget.
        init(bytes: Int, percents: (holding: Int, refusing: Int, shedding: Int) = (70, 85, 95)) {
            self.bytes = bytes
            self.holding = bytes / 100 * percents.holding
            self.refusing = bytes / 100 * percents.refusing
            self.shedding = bytes / 100 * percents.shedding
        }

        /// Nothing is ever too much.
        static let none = Limits(bytes: Int.max / 2)
    }

    /// A body or an answer gets this much whatever the stage: products with all their texts are smaller.
    static let firstBytes = 64 * 1024

    private let taken = Atomic<Int>(0)
    private let budget: Atomic<Int>
    private let holding: Atomic<Int>
    private let refusing: Atomic<Int>
    private let shedding: Atomic<Int>
    private let peak = Atomic<Int>(0)
    private let isShedding = Atomic<Bool>(false)
    /// How often each stage was reached from below.
    private let timesHolding = Atomic<Int>(0)
    private let timesRefusing = Atomic<Int>(0)
    private let timesShedding = Atomic<Int>(0)
    /// What was given up to make room: answers, bodies and requests.
    private let answersGivenUp = Atomic<Int>(0)
    private let bodiesGivenUp = Atomic<Int>(0)
    private let requestsGivenUp = Atomic<Int>(0)
    /// Have each event loop give up what is largest.
    private let relief = Mutex<[@Sendable () -> Void]>([])

    /// What is given up, for the counts.
    enum Relief: Int, CaseIterable, Sendable {
        /// An answer that its caller does not read.
        case answer
        /// A body that had not come to its end, or was not let grow.
        case body
        /// A request that was not let in.
        case request

        var name: String {
            switch self {
            case .answer: "answer"
            case .body: "body"
            case .request: "request"
            }
        }
    }

    init(_ limits: Limits = .none) {
        self.budget = Atomic(limits.bytes)
        self.holding = Atomic(limits.holding)
        self.refusing = Atomic(limits.refusing)
        self.shedding = Atomic(limits.shedding)
    }

    /// Puts other limits in force.
    func replace(_ limits: Limits) {
        self.budget.store(limits.bytes, ordering: .relaxed)
        self.holding.store(limits.holding, ordering: .relaxed)
        self.refusing.store(limits.refusing, ordering: .relaxed)
        self.shedding.store(limits.shedding, ordering: .relaxed)
    }

    var bytesMax: Int { self.budget.load(ordering: .relaxed) }
    var bytesTaken: Int { self.taken.load(ordering: .relaxed) }
    var stage: MemoryStage { self.stage(at: self.bytesTaken) }

    private func stage(at bytes: Int) -> MemoryStage {
        if bytes < self.holding.load(ordering: .relaxed) { return .ample }
        if bytes < self.refusing.load(ordering: .relaxed) { return .holding }
        return bytes < self.shedding.load(ordering: .relaxed) ? .refusing : .shedding
    }

    /// Takes `bytes`, or gives them back where they are negative.
    func add(_ bytes: Int) {
        let change = self.taken.wrappingAdd(bytes, ordering: .relaxed)
        let (before, now) = (change.oldValue, change.newValue)
        guard bytes > 0 else { return }
        if now > self.peak.load(ordering: .relaxed) { self.peak.store(now, ordering: .relaxed) }
        let (old, new) = (self.stage(at: before), self.stage(at: now))
        guard new > .ample else { return }
        if old < new { self.count(from: old, to: new) }
        if new == .shedding { self.shed() }
    }

    private func count(from old: MemoryStage, to new: MemoryStage) {
        if old < .holding { _ = self.timesHolding.wrappingAdd(1, ordering: .relaxed) }
        if old < .refusing, new >= .refusing { _ = self.timesRefusing.wrappingAdd(1, ordering: .relaxed) }
        if new == .shedding { _ = self.timesShedding.wrappingAdd(1, ordering: .relaxed) }
    }

    /// How often the stage was reached from below.
    func timesReached(_ stage: MemoryStage) -> Int {
        switch stage {
        case .ample: 0
        case .holding: self.timesHolding.load(ordering: .relaxed)
        case .refusing: self.timesRefusing.load(ordering: .relaxed)
        case .shedding: self.timesShedding.load(ordering: .relaxed)
        }
    }

    // MARK: Relief

    func given(up what: Relief) {
        switch what {
        case .answer: self.answersGivenUp.wrappingAdd(1, ordering: .relaxed)
        case .body: self.bodiesGivenUp.wrappingAdd(1, ordering: .relaxed)
        case .request: self.requestsGivenUp.wrappingAdd(1, ordering: .relaxed)
        }
    }

    func timesGivenUp(_ what: Relief) -> Int {
        switch what {
        case .answer: self.answersGivenUp.load(ordering: .relaxed)
        case .body: self.bodiesGivenUp.load(ordering: .relaxed)
        case .request: self.requestsGivenUp.load(ordering: .relaxed)
        }
    }

    /// - Parameter relieve: has an event loop give up what is largest until the stage is below `shedding`; called on
    /// any
    ///   thread, and must not do it at once.
    func onShedding(_ relieve: @escaping @Sendable () -> Void) {
        self.relief.withLock { $0.append(relieve) }
    }

    private func shed() {
        // Those who are at it already go on until there is room.
        guard self.isShedding.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged else {
            return
        }
        for relieve in self.relief.withLock({ $0 }) { relieve() }
    }

    /// An event loop has given up what it could.
    func hasShed() {
        self.isShedding.store(false, ordering: .relaxed)
    }

    /// How much has to go before the stage is `refusing` at most, with some to spare: half of the way down.
    var bytesToShed: Int {
        let goal = (self.shedding.load(ordering: .relaxed) + self.refusing.load(ordering: .relaxed)) / 2
        return self.stage == .shedding ? max(0, self.bytesTaken - goal) : 0
    }

    // MARK: Giving back to the system

    /// Whether `bytes` fewer are taken now than at the most since this was last true.
    func hasFallen(by bytes: Int) -> Bool {
        let now = self.bytesTaken
        guard self.peak.load(ordering: .relaxed) - now >= bytes else { return false }
        self.peak.store(now, ordering: .relaxed)
        return true
    }
}
