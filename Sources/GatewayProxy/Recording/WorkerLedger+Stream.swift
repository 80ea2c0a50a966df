import GatewayMetrics
import GatewayTranslation

extension WorkerLedger {
    /// Counts one target's part of a line, as that of a single update.
    func lineEnded(_ delivery: Delivery, requestID: RequestID) {
        self.metrics.shard.add(to: .lines, delivery.countedOfLine.rawValue)
        self.count(delivery, delivery.order.operation.counted)
        guard case .problem(let problem) = delivery.result else { return }
        self.remember(
            RecentFailure(
                epochMilliseconds: WallClock.epochNanoseconds() / 1_000_000, requestID: requestID.string,
                traceID: nil, operation: delivery.order.operation.counted, target: delivery.target.name,
                code: problem.code, origin: problem.origin, outcome: problem.outcome,
                attempts: delivery.attemptsMade, vendorStatus: delivery.vendorStatus,
                durationMicroseconds: Int(truncatingIfNeeded: (delivery.durationNanoseconds ?? 0) / 1000),
                detail: RecentFailure.detail(of: problem)))
    }

    /// Counts one target's part of a line for which no delivery was made.
    func lineNotSent(_ problem: Problem, _ operation: ProductOperation, to target: Target) {
        self.metrics.shard.add(to: .lines, CountedLineOutcome.notSent.rawValue)
        self.metrics.target(target.name).add(
            to: .deliveries, operation.counted.rawValue, problem.code.metricIndex, problem.origin.counted.rawValue)
    }
}
