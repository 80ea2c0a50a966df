/// How much a caller may ask for: its rate, and its quota over a longer time.
struct CallerLimits: Sendable {
    let rate: RequestMeter?
    let quota: RequestMeter?

    /// How many requests at once can ever be admitted.
    var largest: Int { min(self.rate?.burst ?? .max, self.quota?.burst ?? .max) }

    /// What came of asking both.
    struct Reading {
        var isAdmitted = true
        /// Nanoseconds until it is worth another try.
        var waitNanoseconds: UInt64 = 0
        /// For `RateLimit-Policy` and `RateLimit`.
        var policies: RateLimitFields
        /// The names of the policies that refused.
        var violated: [StaticString] = []
        /// What refused was this instance's share, and not the limit itself.
        var isForShare = false
    }

    /// Those that are kept together with other instances.
    var shared: [CellRate] { [self.rate, self.quota].compactMap { $0?.cells }.filter { $0.share != nil } }

    /// Takes `count` requests from both, or from none.
    func take(_ count: Int, now: UInt64) -> Reading {
        var reading = Reading(policies: RateLimitFields())
        let rate = self.rate.map { ($0, $0.take(count, now: now)) }
        if let (meter, result) = rate { reading.add("rate", meter, result) }
        guard let quota = self.quota else { return reading }
        guard reading.isAdmitted else {
            // Nothing is taken, and what is left of it is told all the same.
            reading.add("quota", quota, quota.reading(now: now))
            return reading
        }
        let result = quota.take(count, now: now)
        if !result.isAdmitted { self.rate?.giveBack(count) }
        reading.add("quota", quota, result)
        return reading
    }
}

extension CallerLimits.Reading {
    fileprivate mutating func add(_ name: StaticString, _ meter: RequestMeter, _ result: RequestMeter.Reading) {
        self.policies.append(
            name, quota: meter.requests, window: meter.periodSeconds,
            remaining: result.remaining, reset: Self.seconds(result.waitNanoseconds))
        guard !result.isAdmitted else { return }
        self.isAdmitted = false
        self.isForShare = result.isForShare
        self.waitNanoseconds = max(self.waitNanoseconds, result.waitNanoseconds)
        self.violated.append(name)
    }

    /// Whole seconds, rounded up, so that nobody comes too early.
    static func seconds(_ nanoseconds: UInt64) -> Int {
        Int(clamping: nanoseconds / 1_000_000_000 + (nanoseconds % 1_000_000_000 == 0 ? 0 : 1))
    }
}
