package import GatewayConfiguration
package import GatewayDocuments
package import GatewayTLS
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
        case certificate(TLSError)
        case file(path: String, FileError)
        case bind(what: String, host: String, port: Int, reason: String)

        package var description: String {
            switch self {
            case .configuration(let diagnostics):
                diagnostics.map(\.description).joined(separator: "\n")
            case .certificate(let error): "$.listener.tls: \(error)"
            case .file(let path, let error): "\(path): the file \(error)"
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

    private init(
        port: Int, group: MultiThreadedEventLoopGroup, workers: [NIOLoopBound<Worker>],
        listeners: [any Channel], admin: AdminServer, logger: Logger, readiness: Readiness,
        certificate: ListenerCertificate?, logSettings: LogSettings,
        adminState: AdminState
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
    }

    /// Starts everything; on an error nothing is left running.
    ///
    /// - Parameters:
    ///   - targets: made from the same configuration, without mistakes.
    ///   - certificate: used instead of the configured files: for a start with the sandbox.
    package static func start(
        _ configuration: Configuration, targets: ConfiguredTargets, inputs: ConfigurationInputs,
        certificate: DevelopmentCertificate? = nil, logger: Logger, logSettings: LogSettings,
        logWriter: LogWriter
    ) async throws -> Gateway {
        guard !targets.hasErrors else { throw StartError.configuration(targets.diagnostics) }
        let listenerCertificate = try self.listenerContext(
            configuration, inputs: inputs, certificate: certificate
        ).map(ListenerCertificate.init)
        let count = self.workerCount(configuration, groups: ControlGroup(inputs), logger: logger)
        let directory = TargetDirectory(
            targets: targets.targets, defaultTarget: configuration.defaultTarget)
        let limits = GatewayLimits(configuration.limits)
        let published = PublishedDocuments(targets: directory, limits: limits)
        let readiness = Readiness()
        let adminState = AdminState(configuration, readiness: readiness, logWriter: logWriter)
        adminState.shows(
            AdminState.certificates(listener: listenerCertificate?.current, targets: targets.targets))
        let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        let turns = ProductTurns()
        do {
            var workers: [NIOLoopBound<Worker>] = []
            var listeners: [any Channel] = []
            var port = configuration.listener.port
            for loop in group.makeIterator() {
                // The system's choice for the first is everybody's.
                let boundPort = port
                let (worker, listener) = try await loop.flatSubmit {
                    let worker = Worker(
                        eventLoop: loop, limits: limits, targets: directory,
                        published: published, logger: logger, logWriter: logWriter,
                        logSettings: logSettings, ledger: adminState.makeLedger(on: loop), turns: turns)
                    let bound = NIOLoopBound(worker, eventLoop: loop)
                    return Listener.bind(
                        environment: worker.downstream, host: configuration.listener.host, port: boundPort,
                        certificate: listenerCertificate
                    ).map { (bound, $0) }
                }.get()
                port = listener.localAddress?.port ?? port
                workers.append(worker)
                listeners.append(listener)
            }
            let admin = try await AdminServer.start(
                host: configuration.admin.host, port: configuration.admin.port, state: adminState,
                logger: logger)
            readiness.isStarted = true
            return Gateway(
                port: port, group: group, workers: workers, listeners: listeners, admin: admin,
                logger: logger, readiness: readiness,
                certificate: listenerCertificate, logSettings: logSettings, adminState: adminState)
        } catch let error as AdminServer.BindError {
            try? await group.shutdownGracefully()
            throw StartError.bind(
                what: "admin listener", host: configuration.admin.host,
                port: configuration.admin.port, reason: error.reason)
        } catch {
            try? await group.shutdownGracefully()
            throw StartError.bind(
                what: "listener", host: configuration.listener.host,
                port: configuration.listener.port, reason: ConnectFailure.describe(error))
        }
    }

    /// Puts a new configuration in force, without dropping a connection or a request.
    ///
    /// Targets, dialects, credentials, limits, logging and the listener's certificate take effect for what begins from
    /// now on; where the gateway listens and how many workers it has do not change. On an error nothing has changed.
    package func reload(
        _ configuration: Configuration, targets: ConfiguredTargets, inputs: ConfigurationInputs,
        certificate: DevelopmentCertificate? = nil
    ) async throws {
        guard !targets.hasErrors else { throw StartError.configuration(targets.diagnostics) }
        let context = try Self.listenerContext(
            configuration, inputs: inputs, certificate: certificate)
        let directory = TargetDirectory(
            targets: targets.targets, defaultTarget: configuration.defaultTarget)
        let limits = GatewayLimits(configuration.limits)
        let published = PublishedDocuments(targets: directory, limits: limits)
        // Made anew in any case, which finds mistakes; but where nothing of it has changed the one in force stays, and
        // with it the keys of the tickets by which callers resume their sessions.
        if let context, context.fingerprint != self.certificate?.current.fingerprint {
            self.certificate?.current = context
        }
        self.logSettings.change(to: configuration.logging)
        for worker in self.workers {
            try await worker.eventLoop.submit {
                worker.value.replace(targets: directory, published: published, limits: limits)
            }.get()
        }
        self.adminState.shows(
            AdminState.certificates(
                listener: self.certificate?.current, targets: targets.targets))
        self.adminState.loaded(configuration)
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
        try? await self.group.shutdownGracefully()
        return cut
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
            worker.value.drain(listener: listener) { drained.succeed(()) }
            return drained.futureResult.map {
                cutting.cancel()
                return count.value
            }
        }
        return (try? await cut.get()) ?? 0
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

    private static func listenerContext(
        _ configuration: Configuration, inputs: ConfigurationInputs,
        certificate: DevelopmentCertificate?
    ) throws -> TLSContext? {
        guard let tls = configuration.listener.tls else { return nil }
        var chain = certificate?.certificate
        var key = certificate?.privateKey
        if certificate == nil {
            chain = try self.read(tls.certificate, inputs: inputs)
            key = try self.read(tls.privateKey, inputs: inputs)
        }
        do throws(TLSError) {
            return try .server(
                certificateChain: chain ?? [], privateKey: key ?? [],
                applicationProtocols: ["h2", "http/1.1"],
                minimumVersion: tls.minimumVersion == .tls13 ? .tls13 : .tls12)
        } catch {
            throw StartError.certificate(error)
        }
    }

    private static func read(
        _ path: String, inputs: ConfigurationInputs
    ) throws(StartError) -> [UInt8] {
        let bytesMax = 1 << 20  // A chain of PEM texts has some KiB.
        switch inputs.readFile(path, bytesMax) {
        case .success(let bytes): return bytes
        case .failure(let error): throw .file(path: path, error)
        }
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
