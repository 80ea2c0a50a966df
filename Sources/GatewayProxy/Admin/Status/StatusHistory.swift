import GatewayMetrics
import NIOCore

/// The metrics of the last minutes, from which the status document computes rates. Confined to the admin listener's
/// event loop.
final class StatusHistory {
    /// All metrics at one time.
    struct Sample {
        /// Monotonic nanoseconds.
        var at: UInt64
        var metrics: MetricsSnapshot
        /// CPU time of each worker's thread.
        var workerCPUNanoseconds: [Int]
    }

    /// The time between two samples.
    struct Window {
        var from: Sample
        var to: Sample

        /// Never 0, so that a rate can be computed.
        var seconds: Double { max(0.001, Double(self.to.at &- self.from.at) / 1e9) }
    }

    /// The health of a target when it last had requests.
    struct LastHealth: Equatable {
        var health: TargetSummary.Health
        var epochMilliseconds: Int
    }

    static let interval = TimeAmount.seconds(5)
    /// The window of the status page: long enough for rare requests, short enough to see an incident end.
    private static let windowNanoseconds: UInt64 = 60_000_000_000
    /// One window, and the sample before it.
    private static let samplesMax = 13
    /// Five minutes, for the small graphs.
    private static let ratesMax = 60

    private let state: AdminState
    private var samples: [Sample] = []
    private var rates: [String: [Double]] = [:]
    private var lastHealths: [String: LastHealth] = [:]

    init(state: AdminState) {
        self.state = state
    }

    /// Called every `interval`.
    ///
    /// - Parameters:
    ///   - now: monotonic nanoseconds.
    ///   - epochMilliseconds: the same moment in Unix time.
    func sample(now: UInt64, epochMilliseconds: Int) {
        let sample = Sample(at: now, state: self.state)
        if let last = self.samples.last {
            self.addRates(Window(from: last, to: sample))
            let window = Window(from: self.windowStart(now) ?? last, to: sample)
            self.rememberHealths(since: last, window, epochMilliseconds)
        }
        if self.samples.count == Self.samplesMax { self.samples.removeFirst() }
        self.samples.append(sample)
    }

    /// The last minute, or less after the start.
    func window(now: UInt64) -> Window {
        let current = Sample(at: now, state: self.state)
        return Window(from: self.windowStart(now) ?? current, to: current)
    }

    private func windowStart(_ now: UInt64) -> Sample? {
        let start = now > Self.windowNanoseconds ? now - Self.windowNanoseconds : 0
        return self.samples.last { $0.at <= start } ?? self.samples.first
    }

    /// The requests per second for a target in each interval, oldest first.
    func rates(of target: String) -> [Double] {
        self.rates[target] ?? []
    }

    /// The health of a target when it last had requests; nil if it never had any.
    func lastHealth(of target: String) -> LastHealth? {
        self.lastHealths[target]
    }

    /// Remembers the health of the targets that have had requests since the last sample.
    private func rememberHealths(since last: Sample, _ window: Window, _ epochMilliseconds: Int) {
        for target in window.to.metrics.targets {
            let asked = TargetSummary.requestCount(window.to.metrics, target.name)
            guard asked > TargetSummary.requestCount(last.metrics, target.name) else { continue }
            let health = TargetSummary(target.name, in: window).health
            guard health != .idle else { continue }
            self.lastHealths[target.name] = LastHealth(health: health, epochMilliseconds: epochMilliseconds)
        }
    }

    private func addRates(_ window: Window) {
        for target in window.to.metrics.targets {
            let count =
                TargetSummary.requestCount(window.to.metrics, target.name)
                - TargetSummary.requestCount(window.from.metrics, target.name)
            var rates = self.rates[target.name] ?? []
            if rates.count == Self.ratesMax { rates.removeFirst() }
            rates.append(Double(max(0, count)) / window.seconds)
            self.rates[target.name] = rates
        }
    }
}

extension StatusHistory.Sample {
    fileprivate init(at: UInt64, state: AdminState) {
        self.init(
            at: at, metrics: state.snapshot(),
            workerCPUNanoseconds: state.workerClocks.map { $0?.nanoseconds ?? 0 })
    }
}
