import GatewayJSON
import GatewayMetrics
import NIOCore

/// `/status`: the state of the gateway as JSON, for programs and for the status page.
///
/// Rates, shares, latencies and counts are those of the window, the last minute (`windowSeconds`), unless their name
/// says otherwise.
struct StatusDocument {
    let state: AdminState
    private let history: StatusHistory
    private let report: FailureReport
    let window: StatusHistory.Window
    private let healthReports: [String: TargetHealth.Report]

    /// How many groups and single failures are written: what a person, or a script that polls, can use.
    private static let groupsMax = 200
    private static let recentMax = 100

    init(state: AdminState, history: StatusHistory, report: FailureReport) {
        self.state = state
        self.history = history
        self.report = report
        self.healthReports = state.healthReports
        self.window = history.window(now: NIODeadline.now().uptimeNanoseconds)
    }

    func json() -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 16 * 1024)
        writer.beginObject()
        writer.member("version", GatewayVersion.string)
        writer.member("ready", self.state.readiness.isReady)
        writer.member("reason", self.state.readiness.reason)
        writer.member("now", WallClock.epochNanoseconds() / 1_000_000)
        writer.member("windowSeconds", decimal: self.window.seconds)
        self.writeProcess(to: &writer)
        self.writeMemory(to: &writer)
        self.writeTraffic(to: &writer)
        self.writeWorkers(to: &writer)
        writer.name("targets")
        writer.beginArray()
        var codes: [String: [TargetSummary.CodeCount]] = [:]
        for target in self.state.loaded.targets {
            let summary = TargetSummary(target.name, in: self.window)
            codes[target.name] = summary.codes
            self.write(target, summary, to: &writer)
        }
        writer.endArray()
        self.writeFailures(codes, to: &writer)
        self.writeCertificates(to: &writer)
        self.writeStore(to: &writer)
        self.writeConfiguration(to: &writer)
        writer.endObject()
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    private func writeProcess(to writer: inout JSONWriter) {
        let process = ProcessFigures.read()
        writer.name("process")
        writer.beginObject()
        if let start = process.startNanoseconds { writer.member("startedAt", start / 1_000_000) }
        writer.member("cpuSeconds", decimal: Double(process.cpuNanoseconds) / 1e9)
        if let bytes = process.residentBytes { writer.member("residentBytes", bytes) }
        if let files = process.openFiles { writer.member("openFiles", files) }
        if let files = process.maxFiles { writer.member("maxFiles", files) }
        writer.member("logLinesDropped", self.state.logLinesDropped)
        writer.endObject()
    }

    private func writeMemory(to writer: inout JSONWriter) {
        let memory = self.state.memory
        writer.name("memory")
        writer.beginObject()
        writer.member("budgetBytes", memory.bytesMax)
        writer.member("takenBytes", memory.bytesTaken)
        writer.member("stage", memory.stage.name)
        writer.endObject()
    }

    private func writeTraffic(to writer: inout JSONWriter) {
        let (from, to) = (self.window.from.metrics, self.window.to.metrics)
        var count = 0
        for operation in CountedOperation.allCases {
            for code in to.values.codes.indices {
                count +=
                    to.value(.exchanges, operation.rawValue, code)
                    - from.value(.exchanges, operation.rawValue, code)
            }
        }
        writer.name("traffic")
        writer.beginObject()
        writer.member("requestsPerSecond", decimal: Double(max(0, count)) / self.window.seconds)
        writer.member(
            "exchangesInFlight",
            (0..<to.workerCount).reduce(0) {
                $0 + to.value(.workerExchangesInFlight, worker: $1)
            })
        writer.member(
            "connectionsOpen",
            (0..<to.workerCount).reduce(0) {
                $0 + to.value(.workerConnectionsOpen, worker: $1)
            })
        writer.member("streamsOpen", to.value(.downstreamStreamsOpen))
        writer.member("bulkStreamsOpen", to.value(.workerStreamsOpen))
        writer.member("bulkLinesPerSecond", decimal: Double(self.lines) / self.window.seconds)
        writer.member("exchangesAbandoned", to.value(.exchangesAbandoned) - from.value(.exchangesAbandoned))
        writer.member("callersCutOff", to.value(.callersCutOff) - from.value(.callersCutOff))
        writer.member(
            "connectionsRefused",
            to.value(.downstreamConnectionsRefused) - from.value(.downstreamConnectionsRefused))
        writer.member(
            "handshakesFailed",
            HandshakeFailure.allCases.reduce(0) {
                $0 + to.value(.downstreamTLSHandshakesFailed, $1.rawValue)
                    - from.value(.downstreamTLSHandshakesFailed, $1.rawValue)
            })
        writer.member(
            "sessionsEndedForAbuse",
            AbuseKind.allCases.reduce(0) {
                $0 + to.value(.downstreamSessionsEnded, $1.rawValue)
                    - from.value(.downstreamSessionsEnded, $1.rawValue)
            })
        writer.endObject()
    }

    /// Lines of streams that have got their result.
    private var lines: Int {
        let (from, to) = (self.window.from.metrics, self.window.to.metrics)
        return CountedLineOutcome.allCases.reduce(0) {
            $0 + max(0, to.value(.lines, $1.rawValue) - from.value(.lines, $1.rawValue))
        }
    }

    private func writeWorkers(to writer: inout JSONWriter) {
        writer.name("workers")
        writer.beginArray()
        let metrics = self.window.to.metrics
        for index in 0..<metrics.workerCount {
            writer.beginObject()
            writer.member("worker", index)
            writer.member("answers", !self.report.silentWorkers.contains(index))
            writer.member("exchangesInFlight", metrics.value(.workerExchangesInFlight, worker: index))
            writer.member("connectionsOpen", metrics.value(.workerConnectionsOpen, worker: index))
            let (before, now) = (self.window.from.workerCPUNanoseconds, self.window.to.workerCPUNanoseconds)
            if before.indices.contains(index), now.indices.contains(index) {
                let busy = Double(now[index] - before[index]) / 1e9 / self.window.seconds
                writer.member("busyShare", decimal: busy)
            }
            writer.endObject()
        }
        writer.endArray()
    }

    private func write(
        _ target: AdminState.Loaded.Target, _ summary: TargetSummary, to writer: inout JSONWriter
    ) {
        let metrics = self.window.to.metrics
        let numbers = metrics.target(target.name) ?? []
        writer.beginObject()
        writer.member("name", target.name)
        writer.member("dialect", target.dialect)
        writer.member("baseURL", target.baseURL)
        writer.member("isDefault", target.name == self.state.loaded.defaultTarget)
        writer.member("health", summary.health.rawValue)
        if let last = self.history.lastHealth(of: target.name) {
            writer.member("lastHealth", last.health.rawValue)
            writer.member("lastHealthAt", last.epochMilliseconds)
        }
        writer.member("requests", summary.requests)
        writer.member("requestsSinceStart", TargetSummary.requestCount(metrics, target.name))
        writer.member("requestsPerSecond", decimal: Double(summary.requests) / self.window.seconds)
        if summary.requests > 0 {
            writer.member("errorShare", decimal: Double(summary.failures) / Double(summary.requests))
        }
        writer.name("codes")
        writer.beginArray()
        for code in summary.codes {
            writer.beginObject()
            writer.member("code", code.code)
            writer.member("origin", code.origin.label)
            writer.member("count", code.count)
            writer.endObject()
        }
        writer.endArray()
        writer.member("latencySeconds", quantilesOf: summary.latency)
        writer.member("vendorLatencySeconds", quantilesOf: summary.attempts)
        writer.member("connectionsOpen", metrics.value(.upstreamConnectionsOpen, in: numbers))
        writer.member("streamsOpen", metrics.value(.upstreamStreamsOpen, in: numbers))
        writer.member("queueDepth", metrics.value(.upstreamQueueDepth, in: numbers))
        writer.member("gateQueueDepth", metrics.value(.gateQueueDepth, in: numbers))
        self.healthReports[target.name]?.write(to: &writer)
        let group = self.report.groups.first { $0.target == target.name && !$0.isRefusal }
        if let failure = group?.examples.first {
            writer.name("lastFailure")
            failure.write(to: &writer)
        }
        writer.name("history")
        writer.beginArray()
        for rate in self.history.rates(of: target.name) { writer.raw(JSONWriter.decimal(rate)) }
        writer.endArray()
        writer.endObject()
    }

    /// - Parameter codes: the counts of the window, by target.
    private func writeFailures(_ codes: [String: [TargetSummary.CodeCount]], to writer: inout JSONWriter) {
        let groups = self.report.groups
        writer.name("failures")
        writer.beginArray()
        for group in groups.prefix(Self.groupsMax) {
            writer.beginObject()
            if let target = group.target { writer.member("target", target) }
            writer.member("code", group.code.rawValue)
            writer.member("status", group.code.status)
            writer.member("origin", group.origin.rawValue)
            writer.member("count", group.count)
            writer.member("since", group.sinceEpochMilliseconds)
            writer.member("lastAt", group.lastEpochMilliseconds)
            if let counts = group.target.flatMap({ codes[$0] }) {
                let count = counts.first { $0.code == group.code.rawValue && $0.origin == group.origin.counted }
                writer.member("inWindow", count?.count ?? 0)
            }
            writer.name("examples")
            writer.beginArray()
            for failure in group.examples { failure.write(to: &writer) }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
        writer.member("failuresLeftOut", max(0, groups.count - Self.groupsMax))
        writer.name("recentFailures")
        writer.beginArray()
        let recent = groups.flatMap(\.examples).sorted { $0.epochMilliseconds > $1.epochMilliseconds }
        for failure in recent.prefix(Self.recentMax) { failure.write(to: &writer) }
        writer.endArray()
    }

    private func writeCertificates(to writer: inout JSONWriter) {
        writer.name("certificates")
        writer.beginArray()
        for certificate in self.state.certificates {
            writer.beginObject()
            writer.member("use", certificate.target == nil ? "listener" : "client")
            if let target = certificate.target { writer.member("target", target) }
            writer.member("notAfter", certificate.notAfterEpochSeconds * 1000)
            writer.endObject()
        }
        writer.endArray()
    }

    private func writeConfiguration(to writer: inout JSONWriter) {
        let (loaded, loads) = (self.state.loaded, self.state.loads)
        writer.name("configuration")
        writer.beginObject()
        writer.member("hash", loaded.hash)
        writer.member("readAt", loaded.epochNanoseconds / 1_000_000)
        writer.member("loads", loads.accepted)
        writer.member("refusals", loads.refused)
        writer.member("isLastLoadInForce", loads.isLastInForce)
        if let refusal = self.state.lastRefusal {
            writer.name("lastRefusal")
            writer.beginObject()
            writer.member("at", refusal.epochNanoseconds / 1_000_000)
            writer.name("reasons")
            writer.beginArray()
            for reason in refusal.reasons { writer.string(reason) }
            writer.endArray()
            writer.endObject()
        }
        writer.member("inForce", raw: Array(loaded.document.utf8))
        writer.endObject()
    }
}

extension TargetHealth.Report {
    /// Members of a target: whether it is left alone or paused, and how many attempts it takes.
    fileprivate func write(to writer: inout JSONWriter) {
        if let open = self.open {
            writer.name("leftAlone")
            writer.beginObject()
            writer.member("sinceMilliseconds", Int(clamping: open.sinceNanoseconds / 1_000_000))
            writer.member("reason", open.reason == .inARow ? "failures_in_a_row" : "share_of_failures")
            writer.member("nextProbeMilliseconds", Int(clamping: open.untilProbeNanoseconds / 1_000_000))
            writer.endObject()
        }
        if let pause = self.pause {
            writer.name("pause")
            writer.beginObject()
            writer.member("milliseconds", Int(clamping: pause.nanoseconds / 1_000_000))
            writer.member("reason", pause.reason == .rate ? "rate" : "unavailable")
            writer.endObject()
        }
        writer.member("attemptsUnderWay", self.underWay)
        if !self.isUnlimited {
            writer.member("concurrencyLimit", self.concurrencyLimit)
        }
        writer.member("retriesLeft", decimal: Double(self.retryTenthsLeft) / 10)
    }
}

extension RecentFailure {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("at", self.epochMilliseconds)
        writer.member("requestId", self.requestID)
        if let traceID = self.traceID { writer.member("traceId", traceID.string) }
        writer.member("operation", self.operation.label)
        if let target = self.target { writer.member("target", target) }
        writer.member("code", self.code.rawValue)
        writer.member("status", self.code.status)
        writer.member("origin", self.origin.rawValue)
        writer.member("outcome", self.outcome.rawValue)
        writer.member("attempts", self.attempts)
        if let status = self.vendorStatus { writer.member("vendorStatus", status) }
        writer.member("durationMicroseconds", self.durationMicroseconds)
        if let detail = self.detail { writer.member("detail", detail) }
        writer.endObject()
    }
}

extension JSONWriter {
    /// With six decimals: microseconds, or millionths.
    fileprivate static func decimal(_ value: Double) -> [UInt8] {
        guard value.isFinite, abs(value) < 1e12 else { return Array("0".utf8) }
        let millionths = Int((value * 1e6).rounded())
        let digits = String(millionths.magnitude % 1_000_000)
        let text =
            (millionths < 0 ? "-" : "") + "\(millionths.magnitude / 1_000_000)."
            + String(repeating: "0", count: 6 - digits.count) + digits
        return Array(text.utf8)
    }

    fileprivate mutating func member(_ name: String, decimal value: Double) {
        self.member(name, raw: Self.decimal(value))
    }

    /// The median, the 90th and the 99th percentile; null if nothing was measured.
    fileprivate mutating func member(_ name: String, quantilesOf histogram: Histogram) {
        self.name(name)
        guard histogram.count > 0 else {
            self.null()
            return
        }
        self.beginObject()
        for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)] {
            if let quantile = histogram.quantile(share) { self.member(name, decimal: Double(quantile) / 1e9) }
        }
        self.endObject()
    }
}
