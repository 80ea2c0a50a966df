import GatewayTranslation

/// A vendor system as configured, ready for use. Immutable, shared by the workers; a reload makes new ones.
final class Target: Sendable {
    struct Timeouts: Sendable {
        var attemptNanoseconds: UInt64
        var totalNanoseconds: UInt64
    }

    let name: String
    /// Its place among the targets of its configuration, for tables by target.
    let index: Int
    let plan: TargetPlan
    let endpoint: UpstreamEndpoint
    /// The base URL, without a slash at its end, for a dry run.
    let baseURL: String
    /// The base URL's path, without a slash at its end.
    let basePath: [UInt8]
    let credentials: Credentials
    let timeouts: Timeouts
    let retryPolicy: RetryPolicy
    /// Whether the vendor is told of the trace that a request belongs to.
    let sendsTraceContext: Bool
    /// Whether callers are answered in the vendor's own words.
    let answersInVendorWords: Bool

    init(
        name: String, index: Int, plan: TargetPlan, endpoint: UpstreamEndpoint, baseURL: String,
        basePath: [UInt8], credentials: Credentials, timeouts: Timeouts, retryPolicy: RetryPolicy,
        sendsTraceContext: Bool = false,
        answersInVendorWords: Bool = false
    ) {
        self.name = name
        self.index = index
        self.plan = plan
        self.endpoint = endpoint
        self.baseURL = baseURL
        self.basePath = basePath
        self.credentials = credentials
        self.timeouts = timeouts
        self.retryPolicy = retryPolicy
        self.sendsTraceContext = sendsTraceContext
        self.answersInVendorWords = answersInVendorWords
    }
}

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
