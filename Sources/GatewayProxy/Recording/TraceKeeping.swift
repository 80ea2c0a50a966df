import GatewayConfiguration
import GatewayTranslation

/// Which traces are kept, decided when an exchange is over: all spans of it, or none. A value; any thread.
struct TraceKeeping: Sendable, Equatable {
    private let keepFailures: Bool
    private let slowerThanNanoseconds: UInt64
    /// A random number below it keeps a trace.
    private let threshold: UInt64
    private let keepsAll: Bool

    init(_ tracing: TracingConfiguration) {
        self.keepFailures = tracing.keepFailures
        self.slowerThanNanoseconds = tracing.slowerThan?.nanoseconds ?? .max
        self.keepsAll = tracing.sample >= 1
        // Below 1 it fits; what a Double cannot tell apart does not matter here.
        self.threshold = self.keepsAll ? .max : UInt64(tracing.sample * 0x1p64)
    }

    /// - Parameter random: drawn for this exchange.
    func keeps(_ record: borrowing ExchangeRecord, random: UInt64) -> Bool {
        if let trace = record.trace, trace.flags.contains(.sampled) { return true }
        if record.endedAt &- record.startedAt > self.slowerThanNanoseconds { return true }
        if self.keepsAll || random < self.threshold { return true }
        if let stream = record.streamTrace, stream.hasKeptLines { return true }
        return self.keepFailures && record.isFailureOfOurs
    }

    /// Of a line of a stream. That the caller has sampled its trace keeps no line: there may be a million.
    func keeps(lineOf delivery: Delivery, random: UInt64) -> Bool {
        if let duration = delivery.durationNanoseconds, duration > self.slowerThanNanoseconds { return true }
        if self.keepsAll || random < self.threshold { return true }
        return self.keepFailures && delivery.isFailureOfOurs
    }
}

extension ExchangeRecord {
    /// Whether the gateway or a vendor failed, or nobody knows what became of a change: not what a caller did wrong.
    var isFailureOfOurs: Bool {
        if self.wasCut { return true }
        if self.isRefused, let refusal = self.refusal, refusal.code.status >= 500 { return true }
        return self.deliveries.contains { $0.isFailureOfOurs }
    }
}

extension Delivery {
    /// Whether the gateway or the vendor failed, or nobody knows what became of the change.
    fileprivate var isFailureOfOurs: Bool {
        if self.resultKind == .none { return self.mayHaveActed }
        guard self.hasFailed, case .problem(let problem) = self.result else { return false }
        return problem.code.status >= 500 || problem.outcome == .unknown
    }
}
