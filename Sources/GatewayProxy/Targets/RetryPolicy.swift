/// When to try again by ourselves. Decides only; randomness is an input.
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

    /// A vendor that cannot have acted may always be asked again. One that may have acted is asked again only where
    /// asking twice is like asking once and no part of an answer has come (RFC 9110 section 9.2.2); a time-out is
    /// not repeated, because the vendor may still be at work.
    ///
    /// - Parameter random: from 0 to 1; spreads the retries of many callers over time.
    func decide(
        _ failure: AttemptFailure, attemptsMade: Int, isIdempotent: Bool, random: Double
    ) -> Decision {
        guard attemptsMade < self.attemptsMax else { return .giveUp }
        switch failure {
        case .notConnected, .refused: break
        case .endedWithoutAnswer where isIdempotent: break
        case .notTrusted, .queueFull, .queueTimedOut, .timedOutBeforeSending, .timedOut, .endedWithoutAnswer,
            .answerCutShort, .answerTooLarge, .answerMalformed:
            return .giveUp
        }
        // Ten doublings are a thousandfold: far beyond any longest pause.
        let doublings = UInt64(min(max(attemptsMade - 1, 0), 10))
        let (doubled, isTooLong) = self.pauseNanoseconds.multipliedReportingOverflow(by: 1 << doublings)
        let pause = isTooLong ? self.pauseNanosecondsMax : min(doubled, self.pauseNanosecondsMax)
        return .retry(afterNanoseconds: UInt64(Double(pause) * min(max(random, 0), 1)))
    }
}
