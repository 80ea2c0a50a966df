import GatewayMetrics
import GatewayTracing
import GatewayTranslation

/// The spans of an exchange: one of the server's kind, one for each delivery, one of a client's for each attempt.
extension ExchangeRecord {
    /// - Parameter offset: what monotonic times lack of Unix time, in nanoseconds.
    borrowing func spans(in trace: TraceContext, random: LoopRandom, offset: UInt64) -> [SpanRecord] {
        var server = SpanRecord(.server, name: self.spanName)
        server.traceHigh = trace.traceID.high
        server.traceLow = trace.traceID.low
        server.spanID = self.streamTrace?.spanID ?? max(random.next(), 1)
        server.parentID = trace.callerID ?? 0
        server.startNanoseconds = self.startedAt &+ offset
        server.endNanoseconds = self.endedAt &+ offset
        server.method = self.methodName
        server.route = self.route
        server.status = self.end == .callerLeft ? 0 : self.status ?? 0
        server.operation = self.countedOperation.label
        server.code = self.code
        server.caller = self.callerName
        server.requestID = self.requestID?.string ?? ""
        server.isError = self.isFailureOfOurs
        if server.isError { server.errorType = server.code }
        var spans = [server]
        for delivery in self.deliveries {
            spans += delivery.spans(in: trace.traceID, below: server.spanID, random: random, offset: offset)
        }
        return spans
    }

    /// `{method} {route}`, as the conventions want it: few different names.
    private var spanName: String { self.route.isEmpty ? self.methodName : "\(self.methodName) \(self.route)" }

    private var route: String {
        switch self.operation {
        case .update, .read: "/v1/products/{id}"
        case .create: "/v1/products"
        case nil: self.question.stream == nil ? "" : "/v1/bulk"
        }
    }

    private var methodName: String {
        switch self.method {
        case .get: "GET"
        case .head: "HEAD"
        case .put: "PUT"
        case .patch: "PATCH"
        case .post: "POST"
        case .options: "OPTIONS"
        // What the conventions call a method that is not known.
        case .other: "HTTP"
        }
    }
}

extension DeliveryTrace.Wait {
    fileprivate var event: SpanEvent.Kind {
        switch self {
        case .turn: .turn
        case .token: .token
        case .gate: .gate
        case .pause: .pause
        }
    }
}

extension Delivery {
    /// Its own span, and one for each attempt; none where it did nothing.
    ///
    /// - Parameters:
    ///   - parent: the span that it is below.
    ///   - offset: what monotonic times lack of Unix time, in nanoseconds.
    func spans(in trace: TraceID, below parent: UInt64, random: LoopRandom, offset: UInt64) -> [SpanRecord] {
        guard let noted = self.trace, noted.startedAt > 0 else { return [] }
        var span = SpanRecord(.internal, name: "deliver")
        span.traceHigh = trace.high
        span.traceLow = trace.low
        span.spanID = max(random.next(), 1)
        span.parentID = parent
        span.startNanoseconds = noted.startedAt &+ offset
        span.endNanoseconds = noted.endedAt &+ offset
        span.target = self.target.name
        self.describe(&span)
        for waited in noted.waits {
            span.append(
                SpanEvent(
                    waited.kind.event, atNanoseconds: waited.from &+ offset,
                    durationNanoseconds: waited.to &- waited.from))
        }
        if self.resultKind == .replayed {
            span.append(SpanEvent(.replay, atNanoseconds: noted.startedAt &+ offset, durationNanoseconds: 0))
        }
        var spans = [span]
        self.appendAttempts(noted, below: span, offset: offset, random: random, to: &spans)
        return spans
    }

    /// What became of it.
    fileprivate func describe(_ span: inout SpanRecord) {
        switch self.resultKind {
        case .success:
            span.code = LabelValues.ok
            span.outcome = "done"
        case .dryRun:
            span.code = LabelValues.dryRun
            span.outcome = "not_sent"
        case .problem:
            guard case .problem(let problem) = self.result else { return }
            span.code = problem.code.rawValue
            span.outcome = problem.outcome.label
            span.isError = problem.code.status >= 500 || problem.outcome == .unknown
        case .replayed:
            span.code = self.kept?.code ?? LabelValues.ok
            span.outcome = self.kept?.outcome?.label ?? "done"
        case .none:
            span.code = LabelValues.callerLeft
            span.outcome = OutcomeRule.outcome(ofAbandoned: self.mayHaveActed).label
        }
        if span.isError { span.errorType = span.code }
    }

    fileprivate func appendAttempts(
        _ noted: DeliveryTrace, below delivery: SpanRecord, offset: UInt64, random: LoopRandom,
        to spans: inout [SpanRecord]
    ) {
        for (position, attempt) in noted.attempts.enumerated() {
            var span = SpanRecord(.client, name: attempt.method)
            span.traceHigh = delivery.traceHigh
            span.traceLow = delivery.traceLow
            // The id that the vendor was told, so that its spans are below this one.
            span.spanID = attempt.id == 0 ? max(random.next(), 1) : attempt.id
            span.parentID = delivery.spanID
            span.startNanoseconds = attempt.startedAt &+ offset
            span.endNanoseconds = attempt.endedAt &+ offset
            span.method = attempt.method
            span.status = attempt.status
            span.serverAddress = self.target.endpoint.host
            span.serverPort = self.target.endpoint.port
            span.protocolVersion = attempt.version.description
            // A read before a write, and the write, are two requests.
            span.resendCount = noted.attempts[..<position].count { $0.method == attempt.method }
            span.target = self.target.name
            // Of a client's spans 4xx are errors too.
            span.errorType = attempt.failure.isEmpty && attempt.status >= 400 ? "\(attempt.status)" : attempt.failure
            span.isError = !span.errorType.isEmpty
            if attempt.isProbe {
                span.append(SpanEvent(.probe, atNanoseconds: attempt.startedAt &+ offset, durationNanoseconds: 0))
            }
            if let sentAt = attempt.sentAt, sentAt > attempt.startedAt {
                span.append(
                    SpanEvent(
                        .queue, atNanoseconds: attempt.startedAt &+ offset,
                        durationNanoseconds: sentAt &- attempt.startedAt))
            }
            spans.append(span)
        }
    }
}

extension Outcome {
    fileprivate var label: String {
        switch self {
        case .notSent: "not_sent"
        case .rejected: "rejected"
        case .partial: "partial"
        case .unknown: "unknown"
        }
    }
}
