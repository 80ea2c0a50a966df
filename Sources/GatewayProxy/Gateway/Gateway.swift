import Dispatch
package import GatewayConfiguration
package import GatewayDocuments
import GatewayMetrics
import GatewayTLS
import GatewayTracing
import GatewayTranslation
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
    /// Nil where no other instance is known.
    private let sharing: NIOLoopBound<LimitSharing>?
    /// Nil where no spans are sent.
    private let traceSender: TraceSender?
    private let auditWriter: LogWriter

    private init(
        port: Int, group: MultiThreadedEventLoopGroup, workers: [NIOLoopBound<Worker>],
        listeners: [any Channel], admin: AdminServer, logger: Logger, readiness: Readiness,
        memory: MemoryBudget, automaticMemory: MemoryAllowance.Budget,
        certificate: ListenerCertificate?, logSettings: LogSettings,
        adminState: AdminState, descriptors: CallerDescriptors, store: OpenStore,
        sharing: NIOLoopBound<LimitSharing>?, traceSender: TraceSender?, auditWriter: LogWriter
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
        self.sharing = sharing
        self.auditWriter = auditWriter
    }

    /// Starts everything; on an error nothing is left running.
    ///
    /// - Parameters:
    ///   - targets: made from the same configuration, without mistakes; so are `listener` and `callers`.
    ///   - auditWriter: for the audit's lines; nil for those of the log.
    ///   - inputs: tell what this process may use of the machine.
    package static func start(
        _ configuration: Configuration, targets: ConfiguredTargets, listener: ConfiguredListener,
        store configuredStore: ConfiguredStore, tracing: ConfiguredTracing, callers: ConfiguredCallers,
        inputs: ConfigurationInputs, logger: Logger, logSettings: LogSettings, logWriter: LogWriter,
        auditWriter: LogWriter? = nil
    ) async throws -> Gateway {
        try self.refuseMistakes(targets, listener, configuredStore, callers)
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
        let published = PublishedDocuments(
            targets: directory, limits: limits, proofs: AcceptedProofs(configuration))
        let readiness = Readiness()
        let adminState = AdminState(
            configuration, readiness: readiness, logWriter: logWriter, memory: memory)
        let auditOutput = auditWriter ?? logWriter
        let audit = configuration.auditInForce.map { Audit(writer: auditOutput, isRequired: $0.isRequired) }
        adminState.shows(callers: callers.directory)
        adminState.shows(auditWriter: auditOutput)
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
        let sharingCounts = SharingCounts()
        let isShared = configuration.instancesSharing != nil
        adminState.shows(
            AdminState.Store(
                engine: configuration.store.engine.rawValue, survivesRestart: configuration.store.engine != .memory,
                failure: { store.failure?.description }, sharing: isShared ? sharingCounts : nil))
        do {
            var workers: [NIOLoopBound<Worker>] = []
            var listeners: [any Channel] = []
            var port = configuration.listener.port
            let sharing = try await Self.startSharing(
                store, counts: sharingCounts, instances: configuration.instances, on: group.next())
            try await sharing?.share(targets.targets, callers.directory)
            for (loop, targets) in zip(group.makeIterator(), directory.copies(count)) {
                // The system's choice for the first is everybody's.
                let (boundPort, isFirst) = (port, workers.isEmpty)
                let (worker, listener, isShared) = try await loop.flatSubmit {
                    () -> EventLoopFuture<(NIOLoopBound<Worker>, any Channel, Bool)> in
                    let worker = Worker(
                        eventLoop: loop, limits: limits, targets: targets,
                        published: published, logger: logger, logWriter: logWriter,
                        logSettings: logSettings, ledger: adminState.makeLedger(on: loop),
                        watch: adminState.watch,
                        tracer: traceSender.map {
                            ExchangeTracer(
                                keeping: keeping, buffer: $0.makeBuffer(), exemplars: adminState.registry.exemplars)
                        }, turns: turns, descriptors: descriptors, memory: memory, suspects: suspects,
                        store: store.store(on: loop), keySettings: keySettings,
                        callers: callers.directory, audit: audit,
                        trusted: TrustedProxies(configuration.listener.trusted))
                    let bound = NIOLoopBound(worker, eventLoop: loop)
                    if isFirst { worker.refreshKeys(of: callers.directory) }
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
                access: AdminAccess(
                    keys: configuration.admin.keys, opensHealthChecks: configuration.admin.openHealthChecks,
                    asksForCertificates: configuration.admin.tls?.callers != nil),
                tls: listener.adminContext, logger: logger)
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
                descriptors: descriptors, store: store, sharing: sharing, traceSender: traceSender,
                auditWriter: auditOutput)
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
            : "another process listens there; where that is meant, set $.listener.sharePort to true"
        return "\(reason); \(hint)"
    }

    /// Puts a new configuration in force, without dropping a connection or a request.
    ///
    /// Targets, dialects, credentials, limits, logging and the listener's certificate take effect for what begins from
    /// now on; where the gateway listens and how many workers it has do not change. On an error nothing has changed.
    package func reload(
        _ configuration: Configuration, targets: ConfiguredTargets, listener: ConfiguredListener,
        store: ConfiguredStore, callers: ConfiguredCallers
    ) async throws {
        try Self.refuseMistakes(targets, listener, store, callers)
        let directory = TargetDirectory(
            targets: targets.targets, defaultTarget: configuration.defaultTarget)
        let limits = GatewayLimits(configuration.limits)
        let published = PublishedDocuments(
            targets: directory, limits: limits, proofs: AcceptedProofs(configuration))
        let keySettings = KeyedRequests.Settings(configuration.idempotency, store: configuration.store)
        // Made anew in any case, which finds mistakes; but where nothing of it has changed the one in force stays, and
        // with it the keys of the tickets by which callers resume their sessions.
        // What the certificates of those who are connected were held against may be another now.
        let endsConnections = self.replaceCertificate(by: listener.context)
        self.logSettings.change(to: configuration.logging)
        self.memory.replace(Self.memoryLimits(configuration.limits, automatic: self.automaticMemory).limits)
        Self.keepDescriptors(self.descriptors, for: directory, workers: self.workerCount)
        let audit = configuration.auditInForce.map { Audit(writer: self.auditWriter, isRequired: $0.isRequired) }
        for (index, (worker, targets)) in zip(self.workers, directory.copies(self.workerCount)).enumerated() {
            try await worker.eventLoop.submit {
                worker.value.replace(
                    targets: targets, published: published, keySettings: keySettings, limits: limits,
                    callers: callers.directory, audit: audit, trusted: TrustedProxies(configuration.listener.trusted))
                if index == 0 { worker.value.refreshKeys(of: callers.directory) }
                if endsConnections { worker.value.downstream.callers.renew() }
            }.get()
        }
        try await self.sharing?.share(targets.targets, callers.directory)
        self.adminState.shows(callers: callers.directory)
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

    /// Puts another TLS context in force for new callers. It was made anew in any case, which finds mistakes; but where
    /// nothing of it has changed the one in force stays, and with it the keys of the tickets by which callers resume
    /// their sessions.
    ///
    /// - Returns: whether callers have to come again, because they were asked for certificates until now.
    private func replaceCertificate(by context: TLSContext?) -> Bool {
        guard let context, let certificate = self.certificate, context.fingerprint != certificate.current.fingerprint
        else { return false }
        let asked = certificate.current.asksForCertificates
        certificate.current = context
        return asked
    }

    private static func refuseMistakes(
        _ targets: ConfiguredTargets, _ listener: ConfiguredListener, _ store: ConfiguredStore,
        _ callers: ConfiguredCallers
    ) throws(StartError) {
        let errors = (targets.diagnostics + listener.diagnostics + store.diagnostics + callers.diagnostics)
            .filter { $0.severity == .error }
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
        if let sharing = self.sharing { try? await sharing.eventLoop.submit { sharing.value.close() }.get() }
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
}
