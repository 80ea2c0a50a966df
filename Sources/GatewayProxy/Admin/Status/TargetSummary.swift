import GatewayMetrics
import GatewayTranslation

/// How one target has been in a window of time: what the status page says of it.
struct TargetSummary {
    enum Health: String {
        /// Nothing was asked of it.
        case idle
        case well
        /// Some of what was asked failed through the vendor.
        case degraded
        /// Half of it or more.
        case ill
    }

    struct CodeCount {
        var code: String
        var origin: CountedOrigin
        var count: Int
    }

    /// What callers do wrong, dry runs and callers who left say nothing of a vendor.
    private(set) var health: Health = .idle
    private(set) var codes: [CodeCount] = []
    private(set) var requests = 0
    private(set) var failures = 0
    let latency: Histogram
    let attempts: Histogram

    /// A share of failures that no longer is chance among a minute's requests, and one that callers surely feel.
    private static let degradedShare = 0.05
    private static let illShare = 0.5

    init(_ target: String, in window: StatusHistory.Window) {
        let (from, to) = (window.from.metrics, window.to.metrics)
        let (before, now) = (from.target(target) ?? [], to.target(target) ?? [])
        self.latency = to.histogram(.deliveryDuration, in: now)
            .since(from.histogram(.deliveryDuration, in: before))
        self.attempts = to.histogram(.attemptDuration, in: now)
            .since(from.histogram(.attemptDuration, in: before))
        var vendorAsked = 0
        var vendorFailed = 0
        for (code, name) in to.values.codes.enumerated() {
            for origin in CountedOrigin.allCases {
                var count = 0
                for operation in [CountedOperation.update, .create] {
                    count += to.value(.deliveries, in: now, operation.rawValue, code, origin.rawValue)
                    count -= from.value(.deliveries, in: before, operation.rawValue, code, origin.rawValue)
                }
                guard count > 0 else { continue }
                self.requests += count
                self.codes.append(CodeCount(code: name, origin: origin, count: count))
                if code >= LabelValues.firstProblemIndex { self.failures += count }
                let isVendorFailure = Self.isVendorFailure(name, origin)
                if isVendorFailure { vendorFailed += count }
                if isVendorFailure || code == LabelValues.okIndex || origin == .vendor { vendorAsked += count }
            }
        }
        self.codes.sort { $0.count > $1.count }
        guard vendorAsked > 0 else { return }
        let share = Double(vendorFailed) / Double(vendorAsked)
        self.health = share >= Self.illShare ? .ill : share >= Self.degradedShare ? .degraded : .well
    }

    /// The vendor did not do its part, or could not be asked; a refusal with reasons is an answer.
    private static func isVendorFailure(_ code: String, _ origin: CountedOrigin) -> Bool {
        guard let code = ProblemCode(rawValue: code) else { return false }
        return code.status >= 500 && (origin == .vendor || code == .overloaded)
    }

    /// All requests for a target since the start, dry runs included.
    static func requestCount(_ metrics: MetricsSnapshot, _ target: String) -> Int {
        guard let numbers = metrics.target(target) else { return 0 }
        var count = 0
        for operation in [CountedOperation.update, .create] {
            for code in metrics.values.codes.indices {
                for origin in CountedOrigin.allCases {
                    count += metrics.value(.deliveries, in: numbers, operation.rawValue, code, origin.rawValue)
                }
            }
        }
        return count
    }
}
