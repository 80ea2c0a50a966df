import GatewayMetrics
import GatewayTranslation

/// The words that metrics and log lines share.
extension ExchangeRecord {
    var countedOperation: CountedOperation {
        if let operation = self.operation { return operation.counted }
        if self.question.stream != nil { return .bulk }
        return !self.isRefused && self.end == .answered && self.status != 404 ? .read : .other
    }

    /// The problem that stands for the whole exchange: the refusal, or the first failure.
    private var problem: ProblemCode? {
        if let refusal = self.refusal { return refusal.code }
        // Nearly always none is either.
        if self.deliveries.contains(where: { $0.hasFailed || $0.resultKind == .replayed }) {
            for delivery in self.deliveries where delivery.hasFailed {
                if case .problem(let problem) = delivery.result { return problem.code }
            }
            for delivery in self.deliveries where delivery.resultKind == .replayed {
                if let kept = delivery.kept, kept.isProblem { return ProblemCode(rawValue: kept.code) }
            }
        }
        return !self.isDryRun && self.status == 404 ? .notFound : nil
    }

    /// One code for the whole exchange.
    var codeIndex: Int {
        if self.end == .callerLeft { return LabelValues.callerLeftIndex }
        if let problem = self.problem { return problem.metricIndex }
        return self.isDryRun ? LabelValues.dryRunIndex : LabelValues.okIndex
    }

    /// The same, by name.
    var code: String {
        if self.end == .callerLeft { return LabelValues.callerLeft }
        if let problem = self.problem { return problem.rawValue }
        return self.isDryRun ? LabelValues.dryRun : LabelValues.ok
    }

    /// Whether there is anything to remember as a failure. Nearly never, so nobody pays for more than looking.
    var hasFailed: Bool { self.isRefused || self.deliveries.contains { $0.hasFailed } }
}

extension Delivery {
    /// How the problem that it ended with is counted.
    var countedProblem: (Int, CountedOrigin) {
        guard case .problem(let problem) = self.result else { return (LabelValues.okIndex, .none) }
        return (problem.code.metricIndex, problem.origin.counted)
    }
}
