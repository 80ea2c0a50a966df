import ArgumentParser
import GatewayConfiguration
import GatewayProxy
import Glibc
import Logging

/// A gateway that serves in this process: it reloads when asked to, until it is stopped.
struct ServingGateway: Sendable {
    private let gateway: Gateway
    private let reloading: Reloading
    private let log: ProcessLog
    /// Nil where the audit's lines are among those of the log.
    private let auditWriter: LogWriter?
    private let tasks: [Task<Void, Never>]

    /// Reads everything and starts. Prints what stands in the way, and throws the exit code.
    ///
    /// - Parameters:
    ///   - log: written as the configuration says, from the moment on that it is read.
    ///   - files: for all that reads files from now on.
    ///   - certificatePath: where clients find the certificate that the loader has.
    static func start(
        _ loader: GatewayLoader, log: ProcessLog, reloads: ReloadRequests, files: FileReadingExecutor,
        certificatePath: String?
    ) async throws -> ServingGateway {
        let result = loader.load()
        for diagnostic in result.diagnostics { Terminal.error("\(diagnostic)") }
        guard let loaded = result.loaded else {
            Terminal.error("product-gateway: \(loader.path) has mistakes; nothing was started")
            throw ExitCode(1)
        }
        let logging = loaded.configuration.logging
        log.settings.change(to: loader.isWatched ? Self.quiet(logging) : logging)
        let logger = log.logger
        Self.fit(loaded.configuration, logger: logger)
        let auditWriter = try Self.auditWriter(loaded.configuration)
        let gateway: Gateway
        do {
            gateway = try await Gateway.start(
                loaded.configuration, targets: loaded.targets, listener: loaded.listener, store: loaded.store,
                tracing: loaded.tracing, callers: loaded.callers, inputs: loader.inputs, logger: logger,
                logSettings: log.settings, logWriter: log.writer, auditWriter: auditWriter)
        } catch let error as Gateway.StartError {
            Terminal.error("product-gateway: \(error)")
            throw ExitCode(1)
        }
        Self.announce(gateway, loaded.configuration, loader, certificatePath: certificatePath, logger: logger)
        log.settings.change(to: logging)
        let watch = FileWatch()
        await watch.follow(result.files, every: loaded.configuration.watchInterval)
        let reloading = Reloading(gateway: gateway, loader: loader, loaded: loaded, watch: watch, logger: logger)
        return ServingGateway(
            gateway: gateway, reloading: reloading, log: log, auditWriter: auditWriter,
            tasks: [
                Task(executorPreference: files) { await watch.run { reloads.ask(.changed($0)) } },
                Task(executorPreference: files) { await reloads.serve(reloading.reload) },
            ])
    }

    /// Stops gracefully, at once, whatever a reload is doing, and finishes the log.
    ///
    /// Throws the exit code where exchanges had to be cut.
    func stop(signal: String) async throws {
        let drainTimeout = self.reloading.configuration.drainTimeout
        let drained = ContinuousClock.now + drainTimeout
        for task in self.tasks { task.cancel() }
        self.log.logger.info("stopping", metadata: ["signal": "\(signal)"])
        let cut = await self.gateway.stop(within: drainTimeout)
        if cut == 0 {
            self.log.logger.info("stopped")
        } else {
            self.log.logger.warning("stopped", metadata: ["exchangesCut": .stringConvertible(cut)])
        }
        if let lost = self.auditWriter?.finish(patience: .seconds(3), deadline: max(drained, .now) + .seconds(3)) {
            Terminal.errorIfTaken("product-gateway: \(lost.lines) lines of the audit could not be written")
        }
        self.log.finish(notBefore: drained)
        if cut > 0 { throw ExitCode(1) }
    }

    /// Where the audit goes, if it has a file descriptor of its own.
    private static func auditWriter(_ configuration: Configuration) throws -> LogWriter? {
        guard let descriptor = configuration.audit?.fileDescriptor else { return nil }
        guard fcntl(Int32(descriptor), F_GETFD) >= 0 else {
            Terminal.error(
                "product-gateway: $.audit.fileDescriptor: the process was started without a descriptor \(descriptor)"
            )
            throw ExitCode(1)
        }
        // A file that programs read, whatever the log is.
        let settings = LogSettings(LoggingConfiguration(level: .info, format: .json))
        return LogWriter(settings: settings, descriptor: Int32(descriptor))
    }

    /// Without the lines that a person need not read because `FirstSteps` says the same.
    private static func quiet(_ logging: LoggingConfiguration) -> LoggingConfiguration {
        var quiet = logging
        if quiet.level != .error, quiet.level != .critical { quiet.level = .warning }
        return quiet
    }

    /// Sees to it that the connections that are allowed can be had.
    private static func fit(_ configuration: Configuration, logger: Logger) {
        let descriptors = FileDescriptorLimit.raise()
        let wanted = configuration.limits.connections
        guard descriptors > 0, descriptors < wanted else { return }
        logger.warning(
            "the system allows fewer open files than limits.connections for one worker",
            metadata: [
                "allowed": .stringConvertible(descriptors), "connections": .stringConvertible(wanted),
            ])
    }

    private static func announce(
        _ gateway: Gateway, _ configuration: Configuration, _ loader: GatewayLoader, certificatePath: String?,
        logger: Logger
    ) {
        logger.info(
            "listening",
            metadata: [
                "for": "callers", "host": "\(configuration.listener.host)",
                "port": .stringConvertible(gateway.port),
                "tls": .stringConvertible(configuration.listener.tls != nil),
                "workers": .stringConvertible(gateway.workerCount),
            ])
        logger.info(
            "listening",
            metadata: [
                "for": "operators", "host": "\(configuration.admin.host)",
                "port": .stringConvertible(gateway.adminPort),
            ])
        if let vendors = loader.vendors {
            logger.info(
                "listening",
                metadata: [
                    "for": "sandbox", "host": "127.0.0.1", "port": .stringConvertible(vendors.port),
                ])
            Terminal.error(
                FirstSteps(
                    port: gateway.port, isTLS: configuration.listener.tls != nil,
                    certificatePath: certificatePath, adminHost: configuration.admin.host,
                    adminPort: gateway.adminPort, sandboxPort: vendors.port, source: loader.source,
                    callers: loader.callers.flatMap { $0.are(in: configuration) ? $0 : nil },
                    boundTargets: SandboxedCallers.targets(of: configuration)
                ).text)
        }
        logger.info("ready", metadata: ["version": "\(GatewayVersion.string)"])
    }
}
