/// How fast a vendor may be asked: by all workers, and by all instances where they share the pace. Any thread.
struct VendorPace: ~Copyable, Sendable {
    /// Nil where the vendor has no pace.
    let cells: CellRate?
    private let burst: UInt64

    /// - Parameters:
    ///   - rate: nil where it may be asked as fast as anybody likes.
    ///   - share: with other instances; nil where the pace is this one's.
    init(_ rate: HealthSettings.Rate?, share: LimitShare? = nil) {
        self.cells = rate.map {
            CellRate(requests: $0.requests, periodNanoseconds: $0.perNanoseconds, burst: $0.burst, share: share)
        }
        self.burst = UInt64(max(1, rate?.burst ?? 1))
    }

    /// Between two requests, evenly spread, as far as this instance goes; 0 where the vendor has no pace.
    var intervalNanoseconds: UInt64 {
        guard let cells = self.cells else { return 0 }
        guard let share = cells.share, share.isAlone else { return cells.intervalNanoseconds }
        return cells.intervalNanoseconds &* UInt64(share.instances)
    }

    /// - Returns: nil where a request may be made now, which is counted then; else when one may be.
    func take(now: UInt64) -> UInt64? {
        guard let cells = self.cells else { return nil }
        switch cells.take(1, now: now) {
        case .taken: return nil
        case .usedUp(_, let wait), .unshared(_, let wait): return now &+ wait
        }
    }

    /// A request that was counted is not made after all.
    func giveBack() {
        self.cells?.giveBack(1)
    }

    /// The vendor says how many more requests it takes: downwards only.
    func correct(remaining: UInt64, now: UInt64) {
        guard let cells = self.cells, remaining < self.burst else { return }
        cells.raise(toAhead: (self.burst &- remaining) &* cells.intervalNanoseconds, now: now)
    }
}
