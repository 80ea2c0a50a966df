import Synchronization

/// This instance's part in a limit that several instances keep together: how much it has let in that the others do not
/// know of yet, and how much that may be.
///
/// Nobody waits for a store: what is let in is reported in the background, and a lease bounds what is not reported yet.
/// So all instances together let in no more than the limit and a lease for each of them. Where the store does not
/// answer, the instance is alone: it lets in the limit divided by the number of instances. It begins alone.
///
/// Any thread.
final class LimitShare: Sendable {
    /// A lease is what the limit lets in in a tenth of a second.
    static let leaseNanoseconds: UInt64 = 100_000_000
    /// How often somebody looks what there is to report.
    static let turnNanoseconds: UInt64 = 10_000_000
    /// A slow limit with a burst has a larger lease: as many as come at once from a caller with some streams, before
    /// the first report of them is back.
    private static let leaseMin = 32

    /// What the store calls the limit.
    let name: String
    let instances: Int
    /// Requests that may be let in before others know of them.
    let lease: Int
    private let unreported = Atomic<Int>(0)
    private let alone = Atomic<Bool>(true)
    private let decided = Atomic<Int>(0)

    /// - Parameters:
    ///   - requests: in `periodNanoseconds`.
    ///   - instances: that keep the limit together, this one included.
    init(name: String, requests: Int, periodNanoseconds: UInt64, burst: Int, instances: Int) {
        self.name = name
        self.instances = max(1, instances)
        let interval = max(1, periodNanoseconds / UInt64(max(1, requests)))
        let worth = Int(clamping: Self.leaseNanoseconds / interval)
        self.lease = max(1, worth, min(burst / self.instances, Self.leaseMin))
    }

    /// What was let in and is not known to the others; less than nothing where more was given back.
    var pending: Int { self.unreported.load(ordering: .relaxed) }

    /// Whether the store does not answer, or has not been asked yet.
    var isAlone: Bool { self.alone.load(ordering: .relaxed) }

    /// Requests that were decided about while the store did not answer.
    var decidedAlone: Int { self.decided.load(ordering: .relaxed) }

    /// - Returns: how much each of the requests counts; nil where the lease has no room for them.
    func reserve(_ count: Int) -> UInt64? {
        let pending = self.unreported.wrappingAdd(count, ordering: .relaxed).newValue
        if self.isAlone {
            self.decided.wrappingAdd(1, ordering: .relaxed)
            return UInt64(self.instances)
        }
        // More than a lease at once would never be let in.
        if pending <= self.lease || pending == count { return 1 }
        self.unreported.wrappingSubtract(count, ordering: .relaxed)
        return nil
    }

    /// - Returns: how much each of the requests counts.
    @discardableResult
    func giveBack(_ count: Int) -> UInt64 {
        self.unreported.wrappingSubtract(count, ordering: .relaxed)
        return self.isAlone ? UInt64(self.instances) : 1
    }

    /// The store does not answer.
    func cutOff() {
        self.alone.store(true, ordering: .relaxed)
    }

    /// Others know of so many now, and the store answers.
    func reported(_ count: Int) {
        self.unreported.wrappingSubtract(count, ordering: .relaxed)
        self.alone.store(false, ordering: .relaxed)
    }

    /// What was let in while it was alone is nobody's concern any more, but for so many.
    func forget(but count: Int) {
        self.unreported.store(count, ordering: .relaxed)
    }
}
