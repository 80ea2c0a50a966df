import GatewayTranslation

/// What a log line says of an idempotency key: never the key itself, which is the caller's.
struct RecordedKey {
    /// The first 64 bits of the record's name, as `product-gateway keys show` prints them.
    let digits: UInt64
    /// Of the request that used the key first, where that was another one.
    var earlierRequestID: String?
}

/// What is known of an exchange when it is over: the source of its log line, of what is counted, and of what the status
/// page remembers.
///
/// Not copyable, because it is handed around at the end of every request.
struct ExchangeRecord: ~Copyable {
    enum End { case answered, callerLeft }

    let startedAt: UInt64
    var endedAt: UInt64 = 0
    /// The caller's IP address; empty where there is none.
    var caller: String
    var requestID: RequestID?
    /// Nil where nobody has asked for it yet.
    var trace: TraceContext?
    var method = RequestHead.Method.other
    /// What was asked, as far as the head was read.
    var question = Question()
    var operation: ProductOperation? { self.question.operation }
    var targets: [Target] { self.question.targets }
    var isDryRun: Bool { self.question.isDryRun }
    /// Of a request with an idempotency key.
    var key: RecordedKey?
    /// Set where the gateway answered by itself.
    var refusal: Problem?
    /// Looks without taking a copy, as comparing does.
    var isRefused: Bool { if case .some = self.refusal { true } else { false } }
    var deliveries = Deliveries()
    /// What became of its lines, where it was a stream.
    var stream: StreamTotals?
    /// What the spans of its lines are below, where it was a stream and spans are sent.
    var streamTrace: StreamTrace?
    var end: End = .answered
    /// The gateway stopped before it could be finished.
    var wasCut = false
    /// Of the answer; of one that nobody was left to take, too.
    var status: Int?
    var bytesReceived = 0
    /// Of the answer's body, what the caller's connection has taken.
    var bytesSent = 0
    /// Of the answer's body, what it has not taken before it ended.
    var unreadBytes = 0

    init(startedAt: UInt64, caller: String) {
        self.startedAt = startedAt
        self.caller = caller
    }
}
