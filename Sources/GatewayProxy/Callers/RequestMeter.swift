/// One limit of one caller, for all workers together; for all instances, where they share it.
final class RequestMeter: Sendable {
    /// What came of asking, and what is to be told of the limit.
    struct Reading: Equatable {
        let isAdmitted: Bool
        /// Requests that would be admitted now.
        let remaining: Int
        /// Nanoseconds until the request could be admitted; until all is there again where it was.
        let waitNanoseconds: UInt64
        /// Refused for what this instance may let in before the others know, and not for the limit itself.
        var isForShare = false
    }

    let requests: Int
    let periodSeconds: Int
    let burst: Int
    let cells: CellRate

    /// - Parameters:
    ///   - requests: at least one; in `periodNanoseconds`.
    ///   - burst: at least one.
    ///   - share: with other instances; nil where the limit is this one's.
    init(requests: Int, periodNanoseconds: UInt64, burst: Int, share: LimitShare? = nil) {
        self.requests = requests
        self.periodSeconds = Int(clamping: max(1, periodNanoseconds / 1_000_000_000))
        self.burst = burst
        self.cells = CellRate(requests: requests, periodNanoseconds: periodNanoseconds, burst: burst, share: share)
    }

    /// Admits `count` requests at once, or none of them.
    func take(_ count: Int, now: UInt64) -> Reading {
        switch self.cells.take(count, now: now) {
        case .taken(let ahead):
            Reading(isAdmitted: true, remaining: self.remaining(ahead), waitNanoseconds: ahead)
        case .usedUp(let ahead, let wait):
            Reading(isAdmitted: false, remaining: self.remaining(ahead), waitNanoseconds: wait)
        case .unshared(_, let wait):
            Reading(isAdmitted: false, remaining: 0, waitNanoseconds: wait, isForShare: true)
        }
    }

    /// What is to be told of the limit; takes nothing.
    func reading(now: UInt64) -> Reading {
        let ahead = self.cells.ahead(now: now)
        return Reading(isAdmitted: true, remaining: self.remaining(ahead), waitNanoseconds: ahead)
    }

    /// Whether another meter measures the same limit.
    func isLike(_ other: RequestMeter) -> Bool {
        self.cells.intervalNanoseconds == other.cells.intervalNanoseconds
            && self.cells.toleranceNanoseconds == other.cells.toleranceNanoseconds
            && self.periodSeconds == other.periodSeconds && self.cells.share?.name == other.cells.share?.name
            && self.cells.share?.instances == other.cells.share?.instances
    }

    /// Gives back what was taken for a request that another limit has refused.
    func giveBack(_ count: Int) {
        self.cells.giveBack(count)
    }

    private func remaining(_ ahead: UInt64) -> Int {
        let (tolerance, interval) = (self.cells.toleranceNanoseconds, self.cells.intervalNanoseconds)
        return ahead >= tolerance ? 0 : Int(clamping: (tolerance - ahead) / interval)
    }
}
