extension Exchange {
    /// The trace that the exchange belongs to: its caller's, or one that begins with the first question for it.
    func traceContext() -> TraceContext {
        if let trace = self.trace { return trace }
        let trace = TraceContext(from: &self.environment.random)
        self.trace = trace
        return trace
    }

    /// The trace for one more attempt.
    func traceForAttempt() -> SentTrace {
        SentTrace(self.traceContext(), from: &self.environment.random)
    }
}
