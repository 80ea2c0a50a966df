import Synchronization

/// Until when a vendor wants to be left alone. It is well: this is no failure, and never opens the breaker.
///
/// One word: the moment, its last bit the reason. Any thread.
struct TargetPause: ~Copyable, Sendable {
    enum Reason: UInt64, Sendable {
        /// 429, or a limit that the vendor says is used up.
        case rate = 0
        /// 503 with `Retry-After`.
        case unavailable = 1
    }

    /// Whatever the vendor says, it is asked again after five minutes: Envoy's bound as well. A mistake in a header
    /// must not keep a target away for a day.
    static let nanosecondsMax: UInt64 = 300_000_000_000

    private let word = Atomic<UInt64>(0)

    /// In the past where there is none.
    var until: UInt64 { self.word.load(ordering: .relaxed) & ~1 }

    var reason: Reason { self.word.load(ordering: .relaxed) & 1 == 1 ? .unavailable : .rate }

    /// Only ever later: what an earlier answer said holds as well.
    func extend(by nanoseconds: UInt64, because reason: Reason, now: UInt64) {
        let until = now &+ min(nanoseconds, Self.nanosecondsMax)
        let desired = until & ~1 | reason.rawValue
        while true {
            let word = self.word.load(ordering: .relaxed)
            guard word & ~1 < desired & ~1 else { return }
            if self.word.compareExchange(expected: word, desired: desired, ordering: .relaxed).exchanged { return }
        }
    }
}
