import GatewayMetrics
import GatewayTranslation

/// What one worker counts, and the failures it remembers for the status page. Confined to its worker's event loop.
final class WorkerLedger {
    let metrics: WorkerMetrics
    /// Apart from each other, so that callers with many mistakes cannot push a vendor's failures out.
    private var failures = FailureMemory(groupsMax: WorkerLedger.failureKindsMax)
    private var refusals = FailureMemory(groupsMax: WorkerLedger.refusalKindsMax)

    /// A few kinds for each of some fifty targets; each takes about 1 KiB. A target fails in few ways at a time.
    private static let failureKindsMax = 256
    private static let refusalKindsMax = 128

    init(metrics: WorkerMetrics) {
        self.metrics = metrics
    }

    /// What has failed, and what was refused with reasons, in no particular order.
    var failureGroups: [FailureGroup] { self.failures.groups + self.refusals.groups }

    // MARK: Exchanges

    func exchangeStarted() {
        self.metrics.shard.add(to: .workerExchangesInFlight)
    }

    /// Everything that an exchange's record tells.
    func exchangeEnded(_ record: borrowing ExchangeRecord) {
        self.metrics.shard.add(-1, to: .workerExchangesInFlight)
        let operation = record.countedOperation
        let codeIndex = record.codeIndex
        self.metrics.shard.add(to: .exchanges, operation.rawValue, codeIndex)
        if let caller = record.question.caller { caller.counts.add(code: codeIndex) }
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
        // What is replayed was counted when it happened.
        record.deliveries.forEach { if $0.resultKind != .replayed { self.count($0, operation) } }
        // Refused, or left, when the targets were known and nothing had been translated yet.
        guard record.deliveries.isEmpty, record.isRefused || record.end == .callerLeft else { return }
        for target in record.targets {
            self.metrics.target(target.name).add(
                to: .deliveries, operation.rawValue,
                record.refusal?.code.metricIndex ?? LabelValues.callerLeftIndex,
                (record.refusal?.origin.counted ?? .none).rawValue)
        }
    }

    func count(_ delivery: Delivery, _ operation: CountedOperation) {
        let (code, origin): (Int, CountedOrigin) =
            switch delivery.resultKind {
            case .success: (LabelValues.okIndex, .none)
            case .dryRun: (LabelValues.dryRunIndex, .none)
            case .problem: delivery.countedProblem
            case .none, .replayed: (LabelValues.callerLeftIndex, .none)
            }
        delivery.metrics.add(to: .deliveries, operation.rawValue, code, origin.rawValue)
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
        self.remember(failure)
    }

    func remember(_ failure: RecentFailure) {
        if failure.isRefusal {
            self.refusals.append(failure)
        } else {
            self.failures.append(failure)
        }
    }
}
