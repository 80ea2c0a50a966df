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
        return self.keepFailures && record.isFailureOfOurs
    }
}

extension ExchangeRecord {
    /// Whether the gateway or a vendor failed, or nobody knows what became of a change: not what a caller did wrong.
    var isFailureOfOurs: Bool {
        if self.wasCut { return true }
        if self.isRefused, let refusal = self.refusal, refusal.code.status >= 500 { return true }
        for delivery in self.deliveries {
            if delivery.resultKind == .none, delivery.mayHaveActed { return true }
            guard delivery.hasFailed, case .problem(let problem) = delivery.result else { continue }
            if problem.code.status >= 500 || problem.outcome == .unknown { return true }
        }
        return false
    }
}
