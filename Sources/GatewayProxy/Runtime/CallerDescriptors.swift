import Glibc
import Synchronization

/// How many file descriptors the connections of callers may take, all event loops together.
///
/// Callers can hold as many connections open as they like, and do; without a bound they take the last descriptor, and
/// then no vendor can be reached any more, for anybody. So some are kept for vendors. The process's limit is read
/// whenever it matters, because it can be changed from outside (prlimit(1)). Any thread may call it.
final class CallerDescriptors: Sendable {
    /// What the process holds for itself: listeners, event loops, the log. Counted once, when all of that is there.
    private let own = Atomic<Int>(0)
    /// What is wanted for vendors and operators when everything is in use.
    private let wanted = Atomic<Int>(0)
    private let taken = Atomic<Int>(0)
    private let limit: @Sendable () -> Int

    /// Files that a reload reads, and the sockets of name lookups: each holds one for a moment.
    private static let forAMoment = 16

    /// - Parameter limit: how many descriptors the process may have.
    init(limit: @escaping @Sendable () -> Int = CallerDescriptors.processLimit) {
        self.limit = limit
    }

    /// - Parameters:
    ///   - open: descriptors that are open now; those of callers are not counted among the process's own.
    func measured(open: Int) {
        self.own.store(max(0, open - self.taken.load(ordering: .relaxed)), ordering: .relaxed)
    }

    /// What is to be kept free of callers.
    ///
    /// - Parameters:
    ///   - vendors: connections to vendors that all event loops together may have.
    ///   - operators: connections of operators.
    func keep(vendors: Int, operators: Int) {
        self.wanted.store(vendors + operators + Self.forAMoment, ordering: .relaxed)
    }

    func opened() { self.taken.wrappingAdd(1, ordering: .relaxed) }
    func closed() { self.taken.wrappingSubtract(1, ordering: .relaxed) }

    /// Whether one more caller may have a descriptor. Where there are few, vendors get no more than half of them: a
    /// gateway that nobody can call needs none.
    var hasRoom: Bool {
        let free = max(0, self.limit() - self.own.load(ordering: .relaxed))
        let kept = min(self.wanted.load(ordering: .relaxed), free / 2)
        return self.taken.load(ordering: .relaxed) < max(1, free - kept)
    }

    /// The soft limit in force (getrlimit(2)); without one, or where it cannot be read, no bound.
    @Sendable static func processLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return Int.max / 2 }
        return min(Int(clamping: limit.rlim_cur), Int.max / 2)
    }
}
