import GatewayTranslation

/// How fast a stream sends its lines to one target.
///
/// As many at once as the target has room for without filling it, because callers with a single update go first. What a
/// target does not take now it gets later: a rate limit, or a lack of room, halves what is sent at once and holds all
/// lines back until it is over; every success lets one more go. Decides only; time is an input, in nanoseconds.
struct BulkPace {
    /// Lines that are under way.
    private(set) var underWay = 0
    private(set) var atOnceMax = Self.startsWith
    private(set) var pausedUntil: UInt64 = 0
    /// Why lines wait, while they do.
    private(set) var reason: ProblemCode?
    private var troublesInARow = 0
    /// Since when the target could not be reached, without a line that got through.
    private var unreachableSince: UInt64?

    /// What any vendor takes at once; it becomes more with every line that is done.
    static let startsWith = 8
    private static let firstPauseNanoseconds: UInt64 = 200_000_000
    /// Also of what a vendor asks for: whoever says "tomorrow" is asked again in an hour.
    private static let pauseMax: UInt64 = 3_600_000_000_000
    private static let backoffMax: UInt64 = 30_000_000_000

    /// Whether a line may be sent now: a quarter of the room that others leave stays free for theirs.
    ///
    /// - Parameter room: requests that would go out at once.
    func maySend(now: UInt64, room: Int) -> Bool {
        guard now >= self.pausedUntil else { return false }
        // One may always wait in the target's own queue, or a stream would stand still beside busy callers.
        guard self.underWay > 0 else { return true }
        return self.underWay < self.atOnceMax && room > (room + self.underWay) / 4
    }

    func isPaused(now: UInt64) -> Bool { now < self.pausedUntil }

    /// Holds back what has not been sent, for a reason that says nothing of the target.
    mutating func pause(for nanoseconds: UInt64, now: UInt64, reason: ProblemCode) {
        self.pausedUntil = max(self.pausedUntil, now &+ min(nanoseconds, Self.pauseMax))
        self.reason = reason
    }

    mutating func sent() {
        self.underWay += 1
    }

    /// A line that was sent with others is judged by itself from now on: it takes a place until it has its result.
    mutating func joined() {
        self.underWay += 1
    }

    /// A line has its result.
    mutating func ended(_ outcome: CountedEnd) {
        self.underWay = max(0, self.underWay - 1)
        switch outcome {
        case .taken:
            self.atOnceMax = min(self.atOnceMax + 1, BulkLimits.partsAtOnceMax)
            self.troublesInARow = 0
            self.unreachableSince = nil
        case .neverAsked:
            break
        case .troubled:
            self.atOnceMax = max(1, self.atOnceMax / 2)
        }
    }

    /// What a line's result says of its target.
    enum CountedEnd {
        /// The vendor has taken the request and said what it thinks of it.
        case taken
        /// Nothing was sent, for a reason of the line's own.
        case neverAsked
        /// The vendor failed, or was not there.
        case troubled
    }

    /// Whether the vendor failed, or was not there; nobody knows for how long.
    static func isTrouble(_ problem: Problem) -> Bool {
        [.vendorUnreachable, .vendorUnavailable, .vendorTimeout].contains(problem.code)
    }

    /// Whether a line with this problem waits and is sent again, instead of having failed; if so everything for the
    /// target waits with it. A create never where the vendor may have
    /// acted.
    ///
    /// - Parameters:
    ///   - isRepeatable: to send it twice is like once, so that it may be sent again also where the vendor may have
    ///     acted.
    ///   - troubledSince: when this line met with a vendor's failure first: one that always does is not sent for ever
    ///     because others get through.
    ///   - now: when the problem came.
    mutating func postpones(
        _ problem: Problem, isRepeatable: Bool = false, troubledSince: UInt64? = nil, now: UInt64
    ) -> Bool {
        guard problem.isRetryable, isRepeatable || problem.outcome != .unknown else { return false }
        if Self.isTrouble(problem) {
            let since = self.unreachableSince ?? now
            self.unreachableSince = since
            guard now &- min(since, troubledSince ?? now) < BulkLimits.patienceNanoseconds else { return false }
        } else {
            guard [.rateLimited, .overloaded, .storeUnavailable].contains(problem.code) else { return false }
        }
        self.underWay = max(0, self.underWay - 1)
        // Those that were under way at the same moment are one trouble.
        guard !self.isPaused(now: now) else { return true }
        self.atOnceMax = max(1, self.atOnceMax / 2)
        let backoff = min(Self.firstPauseNanoseconds << UInt64(min(self.troublesInARow, 10)), Self.backoffMax)
        self.troublesInARow += 1
        let asked = UInt64(max(0, problem.retryAfterSeconds ?? 0)).multipliedReportingOverflow(by: 1_000_000_000)
        self.pausedUntil = now &+ min(max(asked.overflow ? .max : asked.partialValue, backoff), Self.pauseMax)
        self.reason = problem.code
        return true
    }
}
