import GatewayMetrics
import GatewayTranslation

/// What one worker counts, and the failures it remembers for the status page. Confined to its worker's event loop.
final class WorkerLedger {
    let metrics: WorkerMetrics
    /// Apart from each other, so that a caller with many mistakes cannot push a vendor's failures out.
    private var failures = Ring<RecentFailure>(capacity: WorkerLedger.failuresMax)
    private var rejections = Ring<RecentFailure>(capacity: WorkerLedger.rejectionsMax)

    /// What a person reads.
    private static let failuresMax = 50
    private static let rejectionsMax = 20

    init(metrics: WorkerMetrics) {
        self.metrics = metrics
    }

    /// Oldest first; rejections apart from the rest.
    var recentFailures: [RecentFailure] { self.failures.all + self.rejections.all }

    // MARK: Exchanges

    func exchangeStarted() {
        self.metrics.shard.add(to: .workerExchangesInFlight)
    }

    /// Everything that an exchange's record tells.
    func exchangeEnded(_ record: borrowing ExchangeRecord) {
        self.metrics.shard.add(-1, to: .workerExchangesInFlight)
        let operation = record.countedOperation
        self.metrics.shard.add(to: .exchanges, operation.rawValue, record.codeIndex)
        if record.end == .callerLeft {
            self.metrics.shard.add(to: .exchangesAbandoned)
        } else {
            self.metrics.shard.observe(record.endedAt &- record.startedAt, in: .exchangeDuration, operation.rawValue)
        }
        self.countDeliveries(record)
        self.remember(record, operation)
    }

    private func countDeliveries(_ record: borrowing ExchangeRecord) {
        guard let operation = record.operation?.counted else { return }
        for delivery in record.deliveries {
            let (code, origin): (Int, CountedOrigin) =
                switch delivery.resultKind {
                case .success: (LabelValues.okIndex, .none)
                case .dryRun: (LabelValues.dryRunIndex, .none)
                case .problem: delivery.countedProblem
                case .none: (LabelValues.callerLeftIndex, .none)
                }
            delivery.metrics.add(to: .deliveries, operation.rawValue, code, origin.rawValue)
        }
        // Refused, or left, when the targets were known and nothing had been translated yet.
        guard record.deliveries.isEmpty, record.isRefused || record.end == .callerLeft else { return }
        for target in record.targets {
            self.metrics.target(target.name).add(
                to: .deliveries, operation.rawValue,
                record.refusal?.code.metricIndex ?? LabelValues.callerLeftIndex,
                (record.refusal?.origin.counted ?? .none).rawValue)
        }
    }

    // MARK: Failures

    private func remember(_ record: borrowing ExchangeRecord, _ operation: CountedOperation) {
        guard record.hasFailed else { return }
        for delivery in record.deliveries {
            guard case .problem(let problem) = delivery.result else { continue }
            self.remember(problem, of: record, operation, delivery)
        }
        if let refusal = record.refusal { self.remember(refusal, of: record, operation, nil) }
    }

    private func remember(
        _ problem: Problem, of record: borrowing ExchangeRecord, _ operation: CountedOperation, _ delivery: Delivery?
    ) {
        let failure = RecentFailure(
            epochMilliseconds: WallClock.epochNanoseconds() / 1_000_000, requestID: record.requestID?.string ?? "",
            traceID: record.trace?.traceID,
            operation: operation, target: delivery?.target.name ?? record.targets.first?.name,
            code: problem.code, origin: problem.origin, outcome: problem.outcome,
            attempts: delivery?.attemptsMade ?? 0, vendorStatus: delivery?.vendorStatus,
            durationMicroseconds: Int((record.endedAt &- record.startedAt) / 1000),
            detail: RecentFailure.detail(of: problem))
        if failure.isRejection {
            self.rejections.append(failure)
        } else {
            self.failures.append(failure)
        }
    }
}
