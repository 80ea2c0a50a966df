import Synchronization

/// How fast a vendor may be asked, by the generic cell rate algorithm (ITU-T I.371 annex A), in whole nanoseconds.
///
/// One word says when the vendor will have got over all that was asked. Any thread.
struct VendorPace: ~Copyable, Sendable {
    /// Between two requests, evenly spread; 0 where the vendor has no pace.
    let intervalNanoseconds: UInt64
    private let burst: UInt64
    private let freeAt = Atomic<UInt64>(0)

    /// - Parameter rate: nil where it may be asked as fast as anybody likes.
    init(_ rate: HealthSettings.Rate?) {
        self.intervalNanoseconds = rate.map { max(1, $0.perNanoseconds / UInt64(max(1, $0.requests))) } ?? 0
        self.burst = UInt64(max(1, rate?.burst ?? 1))
    }

    /// - Returns: nil where a request may be made now, which is counted then; else when one may be.
    func take(now: UInt64) -> UInt64? {
        guard self.intervalNanoseconds > 0 else { return nil }
        while true {
            let free = self.freeAt.load(ordering: .relaxed)
            let next = max(free, now) &+ self.intervalNanoseconds
            let allowedFrom = next > self.tolerance ? next &- self.tolerance : 0
            guard allowedFrom <= now else { return allowedFrom }
            if self.freeAt.compareExchange(expected: free, desired: next, ordering: .relaxed).exchanged { return nil }
        }
    }

    /// A request that was counted is not made after all.
    func giveBack(now: UInt64) {
        guard self.intervalNanoseconds > 0 else { return }
        let free = self.freeAt.load(ordering: .relaxed)
        guard free >= now &+ self.intervalNanoseconds else { return }
        // Where it fails, somebody else has asked in between: then the vendor is asked a little later, never sooner.
        _ = self.freeAt.compareExchange(
            expected: free, desired: free &- self.intervalNanoseconds, ordering: .relaxed)
    }

    /// The vendor says how many more requests it takes: downwards only.
    func correct(remaining: UInt64, now: UInt64) {
        guard self.intervalNanoseconds > 0, remaining < self.burst else { return }
        let floor = now &+ (self.burst &- remaining) &* self.intervalNanoseconds
        while true {
            let free = self.freeAt.load(ordering: .relaxed)
            guard free < floor else { return }
            if self.freeAt.compareExchange(expected: free, desired: floor, ordering: .relaxed).exchanged { return }
        }
    }

    private var tolerance: UInt64 { self.intervalNanoseconds &* self.burst }
}
