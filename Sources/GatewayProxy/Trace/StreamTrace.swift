/// The trace of a stream of updates: spans of its lines are below the stream's own, which is made when it is over.
/// Confined to its event loop.
final class StreamTrace {
    let context: TraceContext
    /// Of the stream's own span; never 0.
    let spanID: UInt64
    /// Spans of a line have been handed over to be sent: the stream's own follows in any case.
    var hasKeptLines = false

    init(_ context: TraceContext, from generator: inout some RandomNumberGenerator) {
        self.context = context
        let spanID: UInt64 = generator.next()
        self.spanID = max(spanID, 1)
    }
}
