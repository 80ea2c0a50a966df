/// What may be repeated: the one table, `docs/retries.md`, in code.
///
/// Repeating is safe where the vendor cannot have acted, or where acting twice comes to the same as acting once. It is
/// of use where the cause passes by itself. Decides only.
enum RepeatRule {
    /// What became of an attempt.
    enum Event: CaseIterable, Sendable {
        /// No connection could be made; nothing was sent.
        case notConnected
        /// The vendor gave the request back unprocessed (RFC 9113 section 8.7).
        case refused
        /// 429: the vendor has not done it.
        case throttled
        /// 503 with `Retry-After`: the vendor says when it will be able to.
        case unavailable
        /// 500, 502, 504, or 503 without `Retry-After`.
        case failed
        /// It was sent, and the connection or the stream ended without an answer.
        case unanswered
        /// No answer in time; the vendor may still be at work.
        case timedOut
        /// An answer that broke off, was too large or no HTTP.
        case unclear
        /// A certificate that is not trusted; a queue that was full or took too long; no connection in time.
        case notTried
    }

    /// What was asked for.
    enum Request: CaseIterable, Sendable {
        /// An update says what the product is to be, and a read changes nothing.
        case update
        /// The vendor knows a repeated create by a key, and does it once.
        case createWithVendorKey
        /// The caller gives the product's id: done twice, the second is refused as a duplicate.
        case createWithCallersID
        /// The vendor gives the id: done twice, there are two.
        case createWithVendorsID
    }

    /// What the dialect says of the answer's status.
    struct Word: Equatable, Sendable {
        /// The vendor has changed nothing.
        var isRefusal = false
        /// It helps to ask again.
        var repeats = false
    }

    static func permits(_ event: Event, of request: Request, dialect word: Word = Word()) -> Bool {
        switch event {
        case .notConnected, .refused, .throttled: true
        case .unavailable: request == .update || request == .createWithVendorKey || word.isRefusal
        case .failed:
            word.repeats && (request == .update || request == .createWithVendorKey || word.isRefusal)
        case .unanswered: request == .update || request == .createWithVendorKey
        case .timedOut, .unclear, .notTried: false
        }
    }
}

extension RepeatRule.Event {
    init(_ failure: AttemptFailure) {
        self =
            switch failure {
            case .notConnected: .notConnected
            case .refused: .refused
            case .timedOut: .timedOut
            case .endedWithoutAnswer: .unanswered
            case .answerCutShort, .answerTooLarge, .answerMalformed: .unclear
            case .notTrusted, .queueFull, .queueTimedOut, .timedOutBeforeSending: .notTried
            }
    }

    /// Nil where the status is an answer like any other.
    init?(status: Int, hasRetryAfter: Bool) {
        switch status {
        case 429: self = .throttled
        case 503 where hasRetryAfter: self = .unavailable
        case 500, 502, 503, 504: self = .failed
        default: return nil
        }
    }

    /// What it takes of the target's budget for retries; nil for the first one that costs the vendor nothing.
    func price(attemptsMade: Int) -> RetryBudget.Price? {
        switch self {
        case .refused where attemptsMade <= 1: nil
        case .throttled, .unavailable: .throttled
        default: .transient
        }
    }
}
