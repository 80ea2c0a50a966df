/// How often and when an attempt is repeated, where `RepeatRule` permits it. Decides only; randomness is an input.
struct RetryPolicy: Sendable, Equatable {
    /// Tries in all, the first included.
    var attemptsMax: Int
    /// The longest pause before the second try; doubled before each further one.
    var pauseNanoseconds: UInt64
    var pauseNanosecondsMax: UInt64

    enum Decision: Equatable {
        case giveUp
        case retry(afterNanoseconds: UInt64)
    }

    /// A vendor that asks for less and does not say for how long is left alone for a second, then for two: as long as
    /// the AWS SDKs wait for a throttled request.
    static let throttledPauseNanoseconds: UInt64 = 1_000_000_000

    /// - Parameters:
    ///   - retryAfterNanoseconds: what the vendor says; nil where it says nothing.
    ///   - random: from 0 to 1; spreads the retries of many callers over time.
    func decide(
        _ event: RepeatRule.Event, of request: RepeatRule.Request, dialect word: RepeatRule.Word = RepeatRule.Word(),
        attemptsMade: Int, retryAfterNanoseconds: UInt64? = nil, random: Double
    ) -> Decision {
        guard attemptsMade < self.attemptsMax, RepeatRule.permits(event, of: request, dialect: word) else {
            return .giveUp
        }
        let random = min(max(random, 0), 1)
        switch event {
        case .notConnected, .refused:
            // What the vendor never saw is no load, and nearly always a connection that ended at a bad moment.
            if attemptsMade <= 1 { return .retry(afterNanoseconds: 0) }
        case .throttled, .unavailable:
            let pause = retryAfterNanoseconds ?? self.doubled(Self.throttledPauseNanoseconds, attemptsMade)
            // Never sooner than the vendor says; a tenth later at most, so that not all come back at once.
            return .retry(afterNanoseconds: pause &+ UInt64(Double(pause / 10) * random))
        default: break
        }
        let pause = min(self.doubled(self.pauseNanoseconds, attemptsMade), self.pauseNanosecondsMax)
        return .retry(afterNanoseconds: UInt64(Double(pause) * random))
    }

    private func doubled(_ pause: UInt64, _ attemptsMade: Int) -> UInt64 {
        // Ten doublings are a thousandfold: far beyond any longest pause.
        let (doubled, isTooLong) = pause.multipliedReportingOverflow(by: 1 << UInt64(min(max(attemptsMade - 1, 0), 10)))
        return isTooLong ? .max / 2 : doubled
    }
}
