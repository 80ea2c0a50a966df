/// How much of a target's trouble is borne, and how fast it may be asked. Times are in nanoseconds.
struct HealthSettings: Sendable, Hashable {
    /// What retries may add to the load of a target.
    struct Budget: Sendable, Hashable {
        /// Of the target's requests in the window.
        var percent = 20
        /// Besides, so that a target with few requests has retries too.
        var perSecond = 1
        var windowNanoseconds: UInt64 = 10_000_000_000
    }

    /// How fast the vendor may be asked.
    struct Rate: Sendable, Hashable {
        var requests: Int
        var perNanoseconds: UInt64
        /// Requests that may come at once after a pause.
        var burst: Int
    }

    /// With whom the pace and the pauses are kept together.
    struct Sharing: Sendable, Hashable {
        /// The target's, which is the same at all instances.
        var name: String
        /// This one included.
        var instances: Int
    }

    /// When a target is left alone because it fails.
    struct Breaker: Sendable, Hashable {
        /// Failures in a row.
        var failures = 10
        /// From giving up to the first probe; doubled for each further one.
        var pauseNanoseconds: UInt64 = 1_000_000_000
        var pauseNanosecondsMax: UInt64 = 60_000_000_000
    }

    var budget = Budget()
    /// Nil: as fast as callers ask.
    var rate: Rate?
    /// Nil: this instance knows of no other.
    var sharing: Sharing?
    /// Nil: never left alone.
    var breaker: Breaker? = Breaker()
    /// Attempts at a time, of all workers together, before the vendor has ever asked for less: no bound, because the
    /// connections are one.
    var concurrencyMax = 1_000_000
    /// Attempts of one worker that may wait.
    var queueMax = 256
    /// How long one waits for others to be over.
    var queueTimeoutNanoseconds: UInt64 = 1_000_000_000
}
