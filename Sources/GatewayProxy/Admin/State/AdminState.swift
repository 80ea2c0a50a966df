import GatewayConfiguration
import GatewayHTTP2
import GatewayMetrics
import GatewayTLS
import GatewayTracing
import NIOCore
import Synchronization

/// What the admin listener reports: the workers' numbers, the configuration in force, readiness. Any thread.
final class AdminState: Sendable {
    /// A configuration as operators see it.
    struct Loaded: Sendable {
        struct Target: Sendable {
            var name: String
            var dialect: String
            var baseURL: String
        }

        /// Secrets in it are masked: `Configuration.inForce`.
        var document: String
        var hash: String
        var epochNanoseconds: Int
        var targets: [Target]
        var defaultTarget: String?
    }

    /// A certificate that the gateway presents.
    struct Certificate: Sendable, Equatable {
        /// A target's name; nil for the listener's.
        var target: String?
        var notAfterEpochSeconds: Int
    }

    private struct State {
        var loaded: Loaded
        var loads = 1
        var refusals = 0
        var isLastLoadInForce = true
        var lastRefusal: (epochNanoseconds: Int, reasons: [String])?
        var workers: [NIOLoopBound<WorkerLedger>] = []
        var clocks: [ThreadClock?] = []
        var certificates: [Certificate] = []
        var workbench: WorkbenchTargets?
        var health: [String: TargetHealth] = [:]
        var store: Store?
        var traceSender: TraceSender?
        var callers: CallerDirectory?
        var auditWriter: LogWriter?
    }

    /// Where idempotency keys are kept.
    struct Store: Sendable {
        /// As the configuration calls it.
        var engine: String
        var survivesRestart: Bool
        /// Why it cannot be used; nil where it can.
        var failure: @Sendable () -> String?
        /// Nil where limits are this instance's own.
        var sharing: SharingCounts?
    }

    let registry = MetricsRegistry(values: .gateway)
    let readiness: Readiness
    /// Where workers show exchanges to whoever watches.
    let watch = ExchangeWatch()
    private let logWriter: LogWriter
    let memory: MemoryBudget
    private let state: Mutex<State>

    init(
        _ configuration: Configuration, readiness: Readiness, logWriter: LogWriter,
        memory: MemoryBudget = MemoryBudget()
    ) {
        self.readiness = readiness
        self.logWriter = logWriter
        self.memory = memory
        self.state = Mutex(State(loaded: Loaded(configuration)))
    }

    // MARK: Set by the gateway

    /// Makes the ledger of the next worker. To be called once, on that worker's event loop.
    func makeLedger(on loop: any EventLoop) -> WorkerLedger {
        let ledger = WorkerLedger(metrics: self.registry.makeWorker())
        let bound = NIOLoopBound(ledger, eventLoop: loop)
        let clock = ThreadClock()
        self.state.withLock { state in
            state.workers.append(bound)
            state.clocks.append(clock)
        }
        return ledger
    }

    /// A new configuration is in force.
    func loaded(_ configuration: Configuration) {
        let loaded = Loaded(configuration)
        self.state.withLock { state in
            state.loaded = loaded
            state.loads += 1
            state.isLastLoadInForce = true
        }
    }

    /// A new configuration was refused; the old one stays in force.
    ///
    /// - Parameter reasons: the diagnostics, for the status page.
    func refused(reasons: [String]) {
        let now = WallClock.epochNanoseconds()
        self.state.withLock { state in
            state.refusals += 1
            state.isLastLoadInForce = false
            // Enough for a page; the log has all of them.
            state.lastRefusal = (now, Array(reasons.prefix(20)))
        }
    }

    /// These certificates are in force.
    func shows(_ certificates: [Certificate]) {
        self.state.withLock { $0.certificates = certificates }
    }

    /// What the workbench translates with from now on; nil switches it off.
    func serves(workbench targets: WorkbenchTargets?) {
        self.state.withLock { $0.workbench = targets }
    }

    /// These targets are in force.
    func watches(_ targets: [Target]) {
        let health = Dictionary(targets.map { ($0.name, $0.health) }, uniquingKeysWith: { first, _ in first })
        self.state.withLock { $0.health = health }
    }

    /// Keys are kept in this store.
    func shows(_ store: Store) {
        self.state.withLock { $0.store = store }
    }

    /// Spans are sent by this one.
    func sends(spans sender: TraceSender?) {
        self.state.withLock { $0.traceSender = sender }
    }

    /// The callers in force; nil where callers need not identify themselves.
    func shows(callers: CallerDirectory?) {
        self.state.withLock { $0.callers = callers }
    }

    /// This is where the audit goes.
    func shows(auditWriter: LogWriter) {
        self.state.withLock { $0.auditWriter = auditWriter }
    }

    // MARK: Read by the admin listener

    var workbench: WorkbenchTargets? { self.state.withLock { $0.workbench } }
    /// How each target is, by its name.
    var healthReports: [String: TargetHealth.Report] {
        let now = NIODeadline.now().uptimeNanoseconds
        return self.state.withLock { $0.health }.mapValues { $0.report(now: now) }
    }
    var store: Store? { self.state.withLock { $0.store } }
    var callers: CallerDirectory? { self.state.withLock { $0.callers } }
    var auditLinesDropped: Int { self.state.withLock { $0.auditWriter }?.droppedTotal ?? 0 }

    var certificates: [Certificate] { self.state.withLock { $0.certificates } }
    var loaded: Loaded { self.state.withLock { $0.loaded } }
    var loads: (accepted: Int, refused: Int, isLastInForce: Bool) {
        self.state.withLock { ($0.loads, $0.refusals, $0.isLastLoadInForce) }
    }
    var lastRefusal: (epochNanoseconds: Int, reasons: [String])? { self.state.withLock { $0.lastRefusal } }
    var logLinesDropped: Int { self.logWriter.droppedTotal }
    var workerClocks: [ThreadClock?] { self.state.withLock { $0.clocks } }

    func snapshot() -> MetricsSnapshot {
        self.registry.snapshot(targets: self.loaded.targets.map(\.name))
    }

    /// The failures that the workers remember. Each worker is asked on its own event loop.
    ///
    /// - Parameters:
    ///   - loop: the event loop on which the result is delivered.
    ///   - time: how long to wait for a worker. One that is stuck must not keep the others' failures away.
    func failures(on loop: any EventLoop, within time: TimeAmount) -> EventLoopFuture<FailureReport> {
        let workers = self.state.withLock { $0.workers }
        let groups = workers.map { worker in
            let promise = loop.makePromise(of: [FailureGroup]?.self)
            // Whichever comes first counts.
            let giveUp = loop.scheduleTask(in: time) { promise.succeed(nil) }
            worker.eventLoop.submit { worker.value.failureGroups }.whenComplete { result in
                giveUp.cancel()
                promise.succeed(try? result.get())
            }
            return promise.futureResult
        }
        return EventLoopFuture.whenAllSucceed(groups, on: loop).map { groups in
            FailureReport(
                groups: FailureGroup.merged(groups.compactMap { $0 }.flatMap { $0 }),
                silentWorkers: Set(groups.indices.filter { groups[$0] == nil }))
        }
    }

    private func collectMemory(_ values: inout CollectedValues) {
        values.add(.memoryBudget, .integer(self.memory.bytesMax))
        values.add(.memoryTaken, .integer(self.memory.bytesTaken))
        values.add(.memoryStage, .integer(self.memory.stage.rawValue))
        for stage in MemoryStage.allCases where stage > .ample {
            values.add(.memoryStagesReached, labels: [stage.name], .integer(self.memory.timesReached(stage)))
        }
        for what in MemoryBudget.Relief.allCases {
            values.add(.memoryGivenUp, labels: [what.name], .integer(self.memory.timesGivenUp(what)))
        }
    }

    /// The metrics that are read at a scrape instead of being counted by workers.
    func collectedValues() -> CollectedValues {
        let (loaded, loads) = (self.loaded, self.loads)
        var values = CollectedValues()
        values.add(.buildInfo, labels: [GatewayVersion.string], .integer(1))
        values.add(.configurationInfo, labels: [loaded.hash], .integer(1))
        values.add(.configurationLoads, labels: ["ok"], .integer(loads.accepted))
        values.add(.configurationLoads, labels: ["refused"], .integer(loads.refused))
        values.add(.configurationLastLoadSuccessful, .integer(loads.isLastInForce ? 1 : 0))
        values.add(.configurationLastSuccess, .nanoseconds(loaded.epochNanoseconds))
        values.add(.ready, .integer(self.readiness.isReady ? 1 : 0))
        values.add(.logLinesDropped, .integer(self.logLinesDropped))
        if let spans = self.state.withLock({ $0.traceSender })?.counts {
            for (outcome, count) in [
                ("sent", spans.sent), ("rejected", spans.rejected), ("failed", spans.failed),
                ("dropped", spans.dropped),
            ] {
                values.add(.traceSpans, labels: [outcome], .integer(count))
            }
        }
        for certificate in self.certificates {
            values.add(
                .certificateNotAfter,
                labels: [certificate.target == nil ? "listener" : "client", certificate.target ?? ""],
                .integer(certificate.notAfterEpochSeconds))
        }
        for (target, report) in self.healthReports.sorted(by: { $0.key < $1.key }) {
            values.add(.targetLeftAlone, labels: [target], .integer(report.open == nil ? 0 : 1))
            values.add(.targetPause, labels: [target], .nanoseconds(Int(clamping: report.pause?.nanoseconds ?? 0)))
            values.add(
                .targetConcurrencyLimit, labels: [target], .integer(report.isUnlimited ? 0 : report.concurrencyLimit))
            values.add(.targetAttemptsUnderWay, labels: [target], .integer(report.underWay))
        }
        let sharing = self.store?.sharing
        values.add(.limitsAlone, .integer(sharing?.alone ?? 0))
        values.add(.limitsDecidedAlone, .integer(sharing?.decidedAlone ?? 0))
        values.add(.auditLinesDropped, .integer(self.auditLinesDropped))
        if let callers = self.callers { callers.collect(into: &values) }
        let process = ProcessFigures.read()
        values.add(.processCPU, .nanoseconds(process.cpuNanoseconds))
        for (metric, value) in [
            (Metric.processResidentMemory, process.residentBytes),
            (.processVirtualMemory, process.virtualBytes), (.processOpenFiles, process.openFiles),
            (.processMaxFiles, process.maxFiles),
        ] {
            if let value { values.add(metric, .integer(value)) }
        }
        if let start = process.startNanoseconds { values.add(.processStart, .nanoseconds(start)) }
        values.add(.http2SessionsOpen, .integer(HTTP2Session.liveCount))
        self.collectMemory(&values)
        values.add(.tlsConnectionsOpen, .integer(TLSConnection.liveCount))
        for (index, clock) in self.workerClocks.enumerated() {
            if let time = clock?.nanoseconds { values.add(.workerCPU, labels: [String(index)], .nanoseconds(time)) }
        }
        return values
    }
}

extension AdminState.Loaded {
    fileprivate init(_ configuration: Configuration) {
        let document = configuration.inForce.pretty
        self.init(
            document: document, hash: Self.hash(document),
            epochNanoseconds: WallClock.epochNanoseconds(),
            targets: configuration.targets.values.sorted { $0.name < $1.name }.map {
                Target(name: $0.name, dialect: $0.dialect, baseURL: $0.baseURL.origin + $0.baseURL.path)
            },
            defaultTarget: configuration.defaultTarget)
    }

    /// FNV-1a, 64 bits: enough to tell configurations apart; not for security.
    private static func hash(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
