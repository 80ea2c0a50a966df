import Synchronization

/// How many requests may come, for all workers together: the generic cell rate algorithm (ITU-T I.371 annex A).
///
/// What is kept is one moment: when everything that was let in would have come, had it come evenly. A request is let in
/// while that moment is not further ahead than a burst. One atomic word, so that no worker waits for another. Whole
/// nanoseconds: they are exact for any limit up to a million requests a second, and last for 292 years.
///
/// Where other instances have part in the limit, `share` bounds what this one lets in before they know of it.
final class CellRate: Sendable {
    enum Result: Equatable {
        /// Let in; how far ahead everything is now.
        case taken(aheadNanoseconds: UInt64)
        /// The limit is used up; how far ahead everything is, and when the request could be let in.
        case usedUp(aheadNanoseconds: UInt64, waitNanoseconds: UInt64)
        /// There may be room, but this instance has let in what it may before the others know of it.
        case unshared(aheadNanoseconds: UInt64, waitNanoseconds: UInt64)
    }

    let intervalNanoseconds: UInt64
    let toleranceNanoseconds: UInt64
    /// Nil where the limit is this instance's alone.
    let share: LimitShare?
    private let arrival = Atomic<UInt64>(0)

    /// A century is no limit any more.
    private static let longest: UInt64 = 100 * 365 * 24 * 3600 * 1_000_000_000

    /// - Parameters:
    ///   - requests: at least one; in `periodNanoseconds`.
    ///   - burst: at least one; may come at once.
    init(requests: Int, periodNanoseconds: UInt64, burst: Int, share: LimitShare? = nil) {
        self.intervalNanoseconds = max(1, periodNanoseconds / UInt64(max(1, requests)))
        self.toleranceNanoseconds = Self.product(self.intervalNanoseconds, UInt64(max(1, burst)))
        self.share = share
    }

    private static func product(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let (product, isBeyond) = one.multipliedReportingOverflow(by: other)
        return isBeyond ? Self.longest : min(product, Self.longest)
    }

    /// Lets `count` requests in at once, or none of them.
    func take(_ count: Int, now: UInt64) -> Result {
        let requests = UInt64(clamping: count)
        guard let share = self.share else {
            return self.take(
                cost: Self.product(self.intervalNanoseconds, requests), tolerance: self.toleranceNanoseconds, now: now)
        }
        guard let parts = share.reserve(count) else {
            return .unshared(aheadNanoseconds: self.ahead(now: now), waitNanoseconds: LimitShare.turnNanoseconds)
        }
        // Alone, a request counts for what all instances might let in meanwhile. One at a time is granted to each.
        let interval = Self.product(self.intervalNanoseconds, parts)
        let result = self.take(
            cost: Self.product(interval, requests), tolerance: max(self.toleranceNanoseconds, interval), now: now)
        if case .usedUp = result { share.giveBack(count) }
        return result
    }

    private func take(cost: UInt64, tolerance: UInt64, now: UInt64) -> Result {
        var known = self.arrival.load(ordering: .relaxed)
        while true {
            let next = max(known, now) &+ cost
            let ahead = next &- now
            guard ahead <= tolerance else {
                return .usedUp(aheadNanoseconds: ahead &- cost, waitNanoseconds: ahead &- tolerance)
            }
            let (isDone, found) = self.arrival.weakCompareExchange(expected: known, desired: next, ordering: .relaxed)
            if isDone { return .taken(aheadNanoseconds: ahead) }
            known = found
        }
    }

    /// Gives back what was taken for requests that are not made after all.
    func giveBack(_ count: Int) {
        let parts = self.share?.giveBack(count) ?? 1
        let cost = Self.product(Self.product(self.intervalNanoseconds, parts), UInt64(clamping: count))
        var known = self.arrival.load(ordering: .relaxed)
        while true {
            let (isDone, found) = self.arrival.weakCompareExchange(
                expected: known, desired: known > cost ? known &- cost : 0, ordering: .relaxed)
            if isDone { return }
            known = found
        }
    }

    /// Somebody who knows better says how far ahead everything is at least.
    func raise(toAhead nanoseconds: UInt64, now: UInt64) {
        let floor = now &+ nanoseconds
        var known = self.arrival.load(ordering: .relaxed)
        while known < floor {
            let (isDone, found) = self.arrival.weakCompareExchange(expected: known, desired: floor, ordering: .relaxed)
            if isDone { return }
            known = found
        }
    }

    /// How far ahead of `now` everything is that was let in.
    func ahead(now: UInt64) -> UInt64 {
        let arrival = self.arrival.load(ordering: .relaxed)
        return arrival > now ? arrival &- now : 0
    }

    // MARK: With other instances

    /// What of `ahead` was known to others when `pending` requests were not.
    ///
    /// A request is pending before it is counted here, so this is read first: never more than was known.
    func aheadKnown(now: UInt64, to share: LimitShare) -> UInt64 {
        let ahead = self.ahead(now: now)
        let pending = Self.product(self.intervalNanoseconds, UInt64(max(0, share.pending)))
        return ahead > pending ? ahead &- pending : 0
    }

    /// What all instances together have let in takes the place of what this one knew.
    ///
    /// - Parameters:
    ///   - nanoseconds: how far ahead everything was at `moment` that the others know of.
    func learn(aheadNanoseconds nanoseconds: UInt64, at moment: UInt64, now: UInt64, from share: LimitShare) {
        var known = self.arrival.load(ordering: .relaxed)
        while true {
            // Those that are pending and not counted yet count twice, until the next time.
            let pending = Self.product(self.intervalNanoseconds, UInt64(max(0, share.pending)))
            let base = moment &+ min(nanoseconds, Self.longest)
            let desired = pending == 0 ? base : max(base, now) &+ pending
            let (isDone, found) = self.arrival.weakCompareExchange(
                expected: known, desired: desired, ordering: .relaxed)
            if isDone { return }
            known = found
        }
    }
}
