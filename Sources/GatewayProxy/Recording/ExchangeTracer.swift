import GatewayMetrics
import GatewayTracing
import GatewayTranslation

/// Decides whether the trace of an exchange that is over is kept, and hands its spans over to be sent.
///
/// Confined to its event loop. An exchange that is not kept costs a few comparisons.
final class ExchangeTracer {
    private let keeping: TraceKeeping
    private let buffer: SpanBuffer
    private let exemplars: ExemplarStore
    let deliveries = DeliveryTraces()

    init(keeping: TraceKeeping, buffer: SpanBuffer, exemplars: ExemplarStore) {
        self.keeping = keeping
        self.buffer = buffer
        self.exemplars = exemplars
    }

    /// - Returns: whether it was kept; its trace begins then, where there was none.
    func exchangeEnded(_ record: inout ExchangeRecord, random: LoopRandom) {
        if self.keeping.keeps(record, random: random.next()) {
            var random = random
            let trace = record.trace ?? TraceContext(from: &random)
            record.trace = trace
            // Monotonic times become times of day here.
            let now = UInt64(clamping: WallClock.epochNanoseconds())
            let spans = record.spans(in: trace, random: random, offset: now &- record.endedAt)
            self.buffer.append(spans)
            self.note(record, trace, endedAt: now)
        }
        for delivery in record.deliveries {
            if let trace = delivery.trace { self.deliveries.giveBack(trace) }
        }
    }

    /// A line of a stream has its result from one of its targets, or a batch of them has.
    ///
    /// - Parameter describe: adds to its span which of the stream's it is.
    func ended(
        _ delivery: Delivery, of stream: StreamTrace, random: LoopRandom, _ describe: (inout SpanRecord) -> Void
    ) {
        // A line that travelled with others has done nothing by itself: its batch has.
        if let noted = delivery.trace, noted.startedAt > 0,
            self.keeping.keeps(lineOf: delivery, random: random.next())
        {
            stream.hasKeptLines = true
            let now = UInt64(clamping: WallClock.epochNanoseconds())
            var spans = delivery.spans(
                in: stream.context.traceID, below: stream.spanID, random: random,
                offset: now &- noted.endedAt)
            if !spans.isEmpty { describe(&spans[0]) }
            self.buffer.append(spans)
        }
        if let trace = delivery.trace { self.deliveries.giveBack(trace) }
    }

    /// Names the trace beside the durations that it is an example of.
    private func note(_ record: borrowing ExchangeRecord, _ trace: TraceContext, endedAt: UInt64) {
        let exemplar = { (nanoseconds: UInt64) in
            Exemplar(traceID: trace.traceID.string, nanoseconds: nanoseconds, epochNanoseconds: Int(clamping: endedAt))
        }
        if record.end == .answered {
            self.exemplars.set(
                exemplar(record.endedAt &- record.startedAt), of: .exchangeDuration, record.countedOperation.rawValue)
        }
        for delivery in record.deliveries {
            guard let duration = delivery.durationNanoseconds else { continue }
            self.exemplars.set(
                exemplar(duration), of: .deliveryDuration, target: delivery.target.name,
                delivery.order.operation.counted.rawValue)
        }
    }
}
