import Dispatch
package import GatewayConfiguration
package import GatewayDocuments
import GatewayMetrics
import GatewayTracing
import Glibc
package import Logging
import NIOCore
import NIOPosix
import Synchronization

/// The running gateway: its workers, its listening sockets, its admin listener.
///
/// Any thread may call it; what concerns a worker is put on that worker's event loop.
package final class Gateway: Sendable {
    /// Why the gateway could not start.
    package enum StartError: Error, CustomStringConvertible {
        case configuration([Diagnostic])
        case bind(what: String, host: String, port: Int, reason: String)

        package var description: String {
            switch self {
            case .configuration(let diagnostics):
                diagnostics.map(\.description).joined(separator: "\n")
            case .bind(let what, let host, let port, let reason):
                "the \(what) cannot listen on \(host) port \(port): \(reason)"
            }
        }
    }

    /// Where callers connect: the port that the system chose where the configuration says 0.
    package let port: Int
    package let adminPort: Int
    package let workerCount: Int

    private let group: MultiThreadedEventLoopGroup
    private let workers: [NIOLoopBound<Worker>]
    private let listeners: [any Channel]
    private let admin: AdminServer
    private let logger: Logger
    private let readiness: Readiness
    private let certificate: ListenerCertificate?
    private let logSettings: LogSettings
    private let adminState: AdminState
    private let descriptors: CallerDescriptors
    private let memory: MemoryBudget
    /// `limits.memory` where it is left to the system: bytes, and where that comes from.
    private let automaticMemory: MemoryAllowance.Budget
    private let store: OpenStore
    /// Nil where no spans are sent.
    private let traceSender: TraceSender?

    private init(
        port: Int, group: MultiThreadedEventLoopGroup, workers: [NIOLoopBound<Worker>],
        listeners: [any Channel], admin: AdminServer, logger: Logger, readiness: Readiness,
        memory: MemoryBudget, automaticMemory: MemoryAllowance.Budget,
        certificate: ListenerCertificate?, logSettings: LogSettings,
        adminState: AdminState, descriptors: CallerDescriptors, store: OpenStore, traceSender: TraceSender?
    ) {
        self.port = port
        self.adminPort = admin.port
        self.workerCount = workers.count
        self.group = group
        self.workers = workers
        self.listeners = listeners
        self.admin = admin
        self.logger = logger
        self.readiness = readiness
        self.certificate = certificate
        self.logSettings = logSettings
        self.adminState = adminState
        self.traceSender = traceSender
        self.descriptors = descriptors
        self.memory = memory
        self.automaticMemory = automaticMemory
        self.store = store
    }

    /// Starts everything; on an error nothing is left running.
    ///
    /// - Parameters:
    ///   - targets: made from the same configuration, without mistakes; so is `listener`.
    ///   - inputs: tell what this process may use of the machine.
    package static func start(
        _ configuration: Configuration, targets: ConfiguredTargets, listener: ConfiguredListener,
        store configuredStore: ConfiguredStore, tracing: ConfiguredTracing, inputs: ConfigurationInputs,
        logger: Logger, logSettings: LogSettings, logWriter: LogWriter
    ) async throws -> Gateway {
        try self.refuseMistakes(targets, listener, configuredStore)
        let traceSender = tracing.endpoint.map { endpoint in
            TraceSender(endpoint, version: GatewayVersion.string) { reason in
                logger.warning("spans are lost", metadata: ["reason": "\(reason)"])
            }
        }
        let keeping = TraceKeeping(configuration.tracing)
        let listenerCertificate = listener.context.map(ListenerCertificate.init)
        FreedMemory.configure()
        let groups = ControlGroup(inputs)
        let count = self.workerCount(configuration, groups: groups, logger: logger)
        let automaticMemory = MemoryAllowance.automaticBudget(groups: groups)
        let memory = self.memoryBudget(configuration.limits, automatic: automaticMemory, logger: logger)
        let directory = TargetDirectory(
            targets: targets.targets, defaultTarget: configuration.defaultTarget)
        let limits = GatewayLimits(configuration.limits)
        let published = PublishedDocuments(targets: directory, limits: limits)
        let readiness = Readiness()
        let adminState = AdminState(
            configuration, readiness: readiness, logWriter: logWriter, memory: memory)
        adminState.shows(
            AdminState.certificates(listener: listenerCertificate?.current, targets: targets.targets))
        adminState.serves(
            workbench: configuration.admin.workbench ? WorkbenchTargets(directory, limits: limits) : nil)
        adminState.watches(targets.targets)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        let turns = ProductTurns()
        let descriptors = CallerDescriptors()
        let suspects = SuspectAddresses()
        Self.keepDescriptors(descriptors, for: directory, workers: count)
        let store = OpenStore(configuredStore, logger: logger)
        let keySettings = KeyedRequests.Settings(configuration.idempotency, store: configuration.store)
        adminState.shows(
            AdminState.Store(
                engine: configuration.store.engine.rawValue, survivesRestart: configuration.store.engine != .memory,
                failure: { store.failure?.description }))
        do {
            var workers: [NIOLoopBound<Worker>] = []
            var listeners: [any Channel] = []
            var port = configuration.listener.port
            for loop in group.makeIterator() {
                // The system's choice for the first is everybody's.
                let (boundPort, isFirst) = (port, workers.isEmpty)
                let (worker, listener, isShared) = try await loop.flatSubmit {
                    () -> EventLoopFuture<(NIOLoopBound<Worker>, any Channel, Bool)> in
                    let worker = Worker(
                        eventLoop: loop, limits: limits, targets: directory,
                        published: published, logger: logger, logWriter: logWriter,
                        logSettings: logSettings, ledger: adminState.makeLedger(on: loop),
                        watch: adminState.watch,
                        tracer: traceSender.map {
                            ExchangeTracer(
                                keeping: keeping, buffer: $0.makeBuffer(), exemplars: adminState.registry.exemplars)
                        }, turns: turns, descriptors: descriptors, memory: memory, suspects: suspects,
                        store: store.store(on: loop), keySettings: keySettings)
                    let bound = NIOLoopBound(worker, eventLoop: loop)
                    guard isFirst else {
                        return Listener.bind(
                            environment: worker.downstream, host: configuration.listener.host, port: boundPort,
                            certificate: listenerCertificate, joins: true
                        ).map { (bound, $0, false) }
                    }
                    return Listener.bindFirst(
                        environment: worker.downstream, host: configuration.listener.host, port: boundPort,
                        certificate: listenerCertificate, sharesPort: configuration.listener.sharePort
                    ).map { (bound, $0.0, $0.isShared) }
                }.get()
                if isShared {
                    logger.info(
                        "another process listens on the same port", metadata: ["port": .stringConvertible(boundPort)])
                }
                port = listener.localAddress?.port ?? port
                workers.append(worker)
                listeners.append(listener)
            }
            let admin = try await AdminServer.start(
                host: configuration.admin.host, port: configuration.admin.port, state: adminState,
                logger: logger)
            let figures = ProcessFigures.read()
            descriptors.measured(open: figures.openFiles ?? 0)
            // What the process itself takes, once it is there.
            memory.add(figures.residentBytes ?? 0)
            adminState.sends(spans: traceSender)
            traceSender?.start()
            readiness.isStarted = true
            return Gateway(
                port: port, group: group, workers: workers, listeners: listeners, admin: admin,
                logger: logger, readiness: readiness, memory: memory, automaticMemory: automaticMemory,
                certificate: listenerCertificate, logSettings: logSettings, adminState: adminState,
                descriptors: descriptors, store: store, traceSender: traceSender)
        } catch let error as AdminServer.BindError {
            store.close()
            try? await group.shutdownGracefully()
            throw StartError.bind(
                what: "admin listener", host: configuration.admin.host,
                port: configuration.admin.port, reason: error.reason)
        } catch {
            store.close()
            try? await group.shutdownGracefully()
            throw StartError.bind(
                what: "listener", host: configuration.listener.host,
                port: configuration.listener.port,
                reason: Self.bindReason(error, sharesPort: configuration.listener.sharePort))
        }
    }

    private static func bindReason(_ error: any Error, sharesPort: Bool) -> String {
        let reason = ConnectFailure.describe(error)
        guard (error as? IOError)?.errnoCode == EADDRINUSE else { return reason }
        let hint =
            sharesPort
            ? "another process listens there and does not share the port with this one"
            : "another process listens there; where that is meant, set $.listener.sharePort to true in both"
        return "\(reason); \(hint)"
    }

    /// Puts a new configuration in force, without dropping a connection or a request.
    ///
    /// Targets, dialects, credentials, limits, logging and the listener's certificate take effect for what begins from
    /// now on; where the gateway listens and how many workers it has do not change. On an error nothing has changed.
    package func reload(
        _ configuration: Configuration, targets: ConfiguredTargets, listener: ConfiguredListener,
        store: ConfiguredStore
    ) async throws {
        try Self.refuseMistakes(targets, listener, store)
        let directory = TargetDirectory(
            targets: targets.targets, defaultTarget: configuration.defaultTarget)
        let limits = GatewayLimits(configuration.limits)
        let published = PublishedDocuments(targets: directory, limits: limits)
        let keySettings = KeyedRequests.Settings(configuration.idempotency, store: configuration.store)
        // Made anew in any case, which finds mistakes; but where nothing of it has changed the one in force stays, and
        // with it the keys of the tickets by which callers resume their sessions.
        if let context = listener.context, context.fingerprint != self.certificate?.current.fingerprint {
            self.certificate?.current = context
        }
        self.logSettings.change(to: configuration.logging)
        self.memory.replace(Self.memoryLimits(configuration.limits, automatic: self.automaticMemory).limits)
        Self.keepDescriptors(self.descriptors, for: directory, workers: self.workerCount)
        for worker in self.workers {
            try await worker.eventLoop.submit {
                worker.value.replace(
                    targets: directory, published: published, keySettings: keySettings, limits: limits)
            }.get()
        }
        self.adminState.shows(
            AdminState.certificates(
                listener: self.certificate?.current, targets: targets.targets))
        self.adminState.serves(
            workbench: configuration.admin.workbench ? WorkbenchTargets(directory, limits: limits) : nil)
        self.adminState.watches(targets.targets)
        self.adminState.loaded(configuration)
    }

    private static func keepDescriptors(
        _ descriptors: CallerDescriptors, for targets: TargetDirectory, workers: Int
    ) {
        descriptors.keep(
            vendors: workers * targets.endpoints.connectionsMax, operators: AdminLimits().connections)
    }

    private static func refuseMistakes(
        _ targets: ConfiguredTargets, _ listener: ConfiguredListener, _ store: ConfiguredStore
    ) throws(StartError) {
        let errors = (targets.diagnostics + listener.diagnostics + store.diagnostics).filter { $0.severity == .error }
        if !errors.isEmpty { throw .configuration(errors) }
    }

    /// A configuration that was read again is not put in force: operators see that, and why.
    package func reloadRefused(reasons: [String]) {
        self.adminState.refused(reasons: reasons)
    }

    /// Stops accepting, lets what is in flight finish within `timeout`, then cuts the rest.
    ///
    /// - Returns: how many exchanges were cut: answered without the vendor's answer.
    package func stop(within timeout: Duration) async -> Int {
        // Load balancers that look at readiness go elsewhere before connections are told to.
        self.readiness.isDraining = true
        let cut = await withTaskGroup(of: Int.self) { tasks in
            for (worker, listener) in zip(self.workers, self.listeners) {
                tasks.addTask { await Self.stop(worker, listener: listener, within: timeout) }
            }
            return await tasks.reduce(0, +)
        }
        await self.admin.stop()
        self.store.close()
        try? await self.group.shutdownGracefully()
        await self.sendLastSpans()
        return cut
    }

    /// One request to the collector, if it answers soon: nobody waits for traces to stop.
    private static let lastSpansTime = DispatchTimeInterval.seconds(2)

    /// Blocks, so it has a thread of its own.
    private func sendLastSpans() async {
        guard let sender = self.traceSender else { return }
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                sender.finish(within: Self.lastSpansTime)
                continuation.resume()
            }
        }
    }

    /// How long callers have to take the answers to what was cut: a round trip, and a write that the socket had no room
    /// for.
    private static let lastAnswers = TimeAmount.seconds(1)

    private static func stop(
        _ worker: NIOLoopBound<Worker>, listener: any Channel, within timeout: Duration
    ) async -> Int {
        let loop = worker.eventLoop
        let drained = loop.makePromise(of: Void.self)
        let cut = loop.flatSubmit {
            let count = NIOLoopBoundBox(0, eventLoop: loop)
            let cutting = loop.scheduleTask(in: .nanoseconds(Int64(clamping: timeout.nanoseconds))) {
                count.value = worker.value.cut()
                loop.scheduleTask(in: Self.lastAnswers) {
                    worker.value.close()
                    drained.succeed(())
                }
            }
            worker.value.drain(listener: listener, within: timeout.nanoseconds) { drained.succeed(()) }
            return drained.futureResult.map {
                cutting.cancel()
                return count.value
            }
        }
        return (try? await cut.get()) ?? 0
    }

    private static func memoryLimits(
        _ limits: LimitsConfiguration, automatic: MemoryAllowance.Budget
    ) -> (limits: MemoryBudget.Limits, from: String) {
        var budget = automatic
        if case .bytes(let bytes) = limits.memory { budget = (bytes, "$.limits.memory") }
        let stages = limits.memoryStages
        return (
            MemoryBudget.Limits(
                bytes: budget.bytes, percents: (stages.holding, stages.refusing, stages.shedding)), budget.from
        )
    }

    private static func memoryBudget(
        _ limits: LimitsConfiguration, automatic: MemoryAllowance.Budget, logger: Logger
    ) -> MemoryBudget {
        let (budget, from) = self.memoryLimits(limits, automatic: automatic)
        logger.info("memory budget", metadata: ["bytes": .stringConvertible(budget.bytes), "from": "\(from)"])
        return MemoryBudget(budget)
    }

    /// Decides how many workers there are, and says why; warns when what callers may use does not fit into the memory.
    private static func workerCount(
        _ configuration: Configuration, groups: ControlGroup, logger: Logger
    ) -> Int {
        let cpus = CPUAllowance(online: CPUAllowance.online(), groups: groups)
        var count = cpus.count
        if case .count(let configured) = configuration.workers { count = configured }
        logger.info(
            "workers",
            metadata: [
                "count": .stringConvertible(count),
                "from": "\(configuration.workers == .automatic ? cpus.reason : "$.workers")",
            ])
        let needed = MemoryAllowance.needed(
            workers: count, connections: configuration.limits.connections)
        if let memory = MemoryAllowance(groups: groups), memory.bytes < needed {
            logger.warning(
                "limits.connections allows more than the memory limit holds",
                metadata: [
                    "allowedBytes": .stringConvertible(memory.bytes), "from": "\(memory.file)",
                    "neededBytes": .stringConvertible(needed),
                ])
        }
        return count
    }
}

extension GatewayLimits {
    init(_ limits: LimitsConfiguration) {
        self.init(
            requestBodyBytesMax: limits.requestBody, answerBytesMax: limits.answerBody,
            streamsConcurrentMax: limits.concurrentStreams,
            fieldSectionBytesMax: limits.headerBytes, fieldsMax: limits.headerCount,
            pathBytesMax: limits.pathBytes, jsonDepthMax: limits.jsonDepth,
            targetsMax: limits.targetsPerRequest, connectionsMax: limits.connections,
            connectionBytesMax: limits.connectionBuffer,
            abandonedExchangesMax: limits.abandonedExchanges,
            handshakeTimeoutNanoseconds: limits.handshakeTimeout.nanoseconds,
            headerTimeoutNanoseconds: limits.headerTimeout.nanoseconds,
            idleTimeoutNanoseconds: limits.idleTimeout.nanoseconds,
            bodyTimeoutNanoseconds: limits.bodyTimeout.nanoseconds,
            answerTimeoutNanoseconds: limits.answerTimeout.nanoseconds)
    }
}
