import Synchronization

/// One limit of one caller, for all workers together: the generic cell rate algorithm (ATM Forum TM 4.0 section 4.4.2).
///
/// What is kept is one moment: when everything that was admitted would have come, had it come evenly. A request is
/// admitted while that moment is not further ahead than a burst. One atomic word, so that no worker waits for another.
/// Whole nanoseconds: they are exact for any limit up to a million requests a second, and last for 292 years.
final class RequestMeter: Sendable {
    /// What came of asking, and what is to be told of the limit.
    struct Reading: Equatable {
        let isAdmitted: Bool
        /// Requests that would be admitted now.
        let remaining: Int
        /// Nanoseconds until the request could be admitted; until all is there again where it was.
        let waitNanoseconds: UInt64
    }

    let requests: Int
    let periodSeconds: Int
    let burst: Int
    private let interval: UInt64
    private let tolerance: UInt64
    private let arrival = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - requests: at least one; in `periodNanoseconds`.
    ///   - burst: at least one.
    init(requests: Int, periodNanoseconds: UInt64, burst: Int) {
        self.requests = requests
        self.periodSeconds = Int(clamping: max(1, periodNanoseconds / 1_000_000_000))
        self.burst = burst
        self.interval = max(1, periodNanoseconds / UInt64(max(1, requests)))
        let (tolerance, isBeyond) = self.interval.multipliedReportingOverflow(by: UInt64(max(1, burst)))
        // A century is no limit any more.
        self.tolerance = isBeyond ? Self.longest : min(tolerance, Self.longest)
    }

    private static let longest: UInt64 = 100 * 365 * 24 * 3600 * 1_000_000_000

    /// Admits `count` requests at once, or none of them.
    func take(_ count: Int, now: UInt64) -> Reading {
        let cost = self.interval &* UInt64(clamping: count)
        var known = self.arrival.load(ordering: .relaxed)
        while true {
            let next = max(known, now) &+ cost
            let ahead = next &- now
            guard ahead <= self.tolerance else {
                return Reading(
                    isAdmitted: false, remaining: self.remaining(ahead &- cost),
                    waitNanoseconds: ahead &- self.tolerance)
            }
            let (isDone, found) = self.arrival.weakCompareExchange(
                expected: known, desired: next, ordering: .relaxed)
            if isDone { return Reading(isAdmitted: true, remaining: self.remaining(ahead), waitNanoseconds: ahead) }
            known = found
        }
    }

    /// Whether another meter measures the same limit.
    func isLike(_ other: RequestMeter) -> Bool {
        self.interval == other.interval && self.tolerance == other.tolerance
            && self.periodSeconds == other.periodSeconds
    }

    /// Gives back what was taken for a request that another limit has refused.
    func giveBack(_ count: Int) {
        self.arrival.wrappingSubtract(self.interval &* UInt64(clamping: count), ordering: .relaxed)
    }

    private func remaining(_ ahead: UInt64) -> Int {
        ahead >= self.tolerance ? 0 : Int(clamping: (self.tolerance - ahead) / self.interval)
    }
}
