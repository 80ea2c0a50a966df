import GatewayMetrics
import GatewayTranslation

/// What has become of a stream's lines so far: one count for each line at each of its targets.
struct StreamTotals: Equatable {
    /// Lines that were taken; empty ones are none.
    var lines = 0
    private(set) var done = 0
    private(set) var partial = 0
    private(set) var rejected = 0
    private(set) var unknown = 0
    private(set) var notSent = 0
    /// Of those that are done: by an earlier stream with the same key.
    private(set) var replayed = 0

    mutating func add(_ outcome: CountedLineOutcome) {
        switch outcome {
        case .done: self.done += 1
        case .partial: self.partial += 1
        case .rejected: self.rejected += 1
        case .unknown: self.unknown += 1
        case .notSent: self.notSent += 1
        case .replayed:
            self.done += 1
            self.replayed += 1
        }
    }
}

extension Outcome {
    var countedOfLine: CountedLineOutcome {
        switch self {
        case .notSent: .notSent
        case .partial: .partial
        case .rejected: .rejected
        case .unknown: .unknown
        }
    }
}

extension Delivery {
    /// What a line of a stream counts as that this was.
    var countedOfLine: CountedLineOutcome {
        switch self.result {
        case .product, .vendorDocument: .done
        case .dryRun: .notSent
        case .problem(let problem): problem.outcome.countedOfLine
        case nil: OutcomeRule.outcome(ofAbandoned: self.mayHaveActed).countedOfLine
        }
    }
}
