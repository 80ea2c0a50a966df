import ArgumentParser
import GatewayConfiguration
import GatewayProxy
import GatewayTLS
import Glibc
import Logging

/// `product-gateway run`: serves until it is told to stop.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Serve: accept canonical updates, forward them to the vendors.",
        discussion: """
            Reads the configuration, checks it whole, listens, and logs one JSON line for each exchange to \
            standard output. SIGTERM and SIGINT stop it gracefully: it takes no new connections, finishes \
            what is in flight (within drainTimeout) and exits with 0; a second signal ends it at once.
            SIGHUP, or a change of a file that it was configured from, makes it read everything again: a \
            configuration with mistakes is refused, the old one stays.

            With --sandbox the vendors are stand-ins in this process: nothing leaves this machine, no \
            secrets and no certificate are needed.

            EXAMPLES
              product-gateway run --sandbox
              product-gateway run --config /etc/gateway/gateway.json

            EXIT CODES
              0  stopped gracefully
              1  the configuration has mistakes, or a port is taken; or exchanges had to be cut at the end
              64 the command line cannot be understood
            """)

    @Option(help: "The configuration file.")
    var config = "gateway.json"

    @Flag(help: "Run the vendor stand-ins in this process and send everything to them.")
    var sandbox = false

    @Option(
        help: ArgumentHelp(
            """
            Listen for callers on this address instead of the configured one; with --sandbox the default is 127.0.0.1.
            """,
            valueName: "address"))
    var host: String?

    @Option(help: "Listen for callers on this port instead of the configured one; 0 lets the system choose.")
    var port: Int?

    @Option(help: "Listen for operators on this port instead of the configured one; 0 lets the system choose.")
    var adminPort: Int?

    @Option(
        help: ArgumentHelp(
            "With --sandbox: where to write the self-signed certificate for clients to trust.",
            valueName: "file"))
    var certificateFile: String?

    func validate() throws {
        for port in [self.port, self.adminPort].compactMap({ $0 })
        where !(0...65535).contains(port) {
            throw ValidationError("a port is a number from 0 to 65535")
        }
        if self.certificateFile != nil, !self.sandbox {
            throw ValidationError("--certificate-file goes with --sandbox")
        }
    }

    func run() async throws {
        // A peer that has gone must not end the process: writing says so instead.
        signal(SIGPIPE, SIG_IGN)
        let signals = ProcessSignals()
        guard self.sandbox else {
            try await self.serve(self.loader(vendors: nil, certificate: nil), signals: signals)
            return
        }
        let certificate = try DevelopmentCertificate()
        let vendors = try await SandboxedVendors.start(certificate: certificate)
        let file = try CertificateFile(certificate, path: self.certificateFile)
        defer { file.remove() }
        try await self.serve(
            self.loader(vendors: vendors, certificate: certificate), signals: signals,
            certificatePath: file.path)
        try await vendors.stop()
    }

    private func loader(
        vendors: SandboxedVendors?, certificate: DevelopmentCertificate?
    ) -> GatewayLoader {
        GatewayLoader(
            path: self.config, secrets: vendors == nil ? .required : .ignored, host: self.host, port: self.port,
            adminPort: self.adminPort, vendors: vendors, certificate: certificate)
    }

    private func serve(
        _ loader: GatewayLoader, signals: ProcessSignals, certificatePath: String? = nil
    ) async throws {
        let result = loader.load()
        for diagnostic in result.diagnostics { Terminal.error("\(diagnostic)") }
        guard let loaded = result.loaded else {
            Terminal.error("product-gateway: \(self.config) has mistakes; nothing was started")
            throw ExitCode(1)
        }
        let settings = LogSettings(loaded.configuration.logging)
        let logWriter = LogWriter(settings: settings)
        LoggingSystem.bootstrap { _ in GatewayLogHandler(settings: settings, writer: logWriter) }
        let logger = Logger(label: "product-gateway")
        self.fit(loaded.configuration, logger: logger)
        defer { logWriter.flush() }

        let gateway: Gateway
        do {
            gateway = try await Gateway.start(
                loaded.configuration, targets: loaded.targets, listener: loaded.listener, inputs: loader.inputs,
                logger: logger, logSettings: settings, logWriter: logWriter)
        } catch let error as Gateway.StartError {
            Terminal.error("product-gateway: \(error)")
            throw ExitCode(1)
        }
        self.announce(gateway, loaded, loader, certificatePath: certificatePath, logger: logger)
        let watch = FileWatch()
        await watch.follow(result.files, every: loaded.configuration.watchInterval)
        let watching = Task { await watch.run { signals.ask(.reload(changed: $0)) } }
        defer { watching.cancel() }
        let reloading = Reloading(gateway: gateway, loader: loader, watch: watch, logger: logger)
        try await self.untilStopped(gateway, loaded, reloading, signals: signals, logger: logger)
    }

    /// Sees to it that the connections that are allowed can be had.
    private func fit(_ configuration: Configuration, logger: Logger) {
        let descriptors = FileDescriptorLimit.raise()
        let wanted = configuration.limits.connections
        guard descriptors > 0, descriptors < wanted else { return }
        logger.warning(
            "the system allows fewer open files than limits.connections for one worker",
            metadata: [
                "allowed": .stringConvertible(descriptors), "connections": .stringConvertible(wanted),
            ])
    }

    private func untilStopped(
        _ gateway: Gateway, _ loaded: GatewayLoader.Loaded, _ reloading: Reloading,
        signals: ProcessSignals, logger: Logger
    ) async throws {
        var current = loaded
        for await request in signals.requests {
            switch request {
            case .reload(let changed):
                current = await reloading.reload(current, changed: changed)
            case .stop(let signal):
                logger.info("stopping", metadata: ["signal": "\(signal)"])
                let cut = await gateway.stop(within: current.configuration.drainTimeout)
                guard cut > 0 else {
                    logger.info("stopped")
                    return
                }
                logger.warning("stopped", metadata: ["exchangesCut": .stringConvertible(cut)])
                throw ExitCode(1)
            }
        }
    }

    private func announce(
        _ gateway: Gateway, _ loaded: GatewayLoader.Loaded, _ loader: GatewayLoader,
        certificatePath: String?, logger: Logger
    ) {
        let configuration = loaded.configuration
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
                Self.firstSteps(
                    port: gateway.port, isTLS: configuration.listener.tls != nil,
                    certificatePath: certificatePath, sandboxPort: vendors.port))
        }
        logger.info("ready", metadata: ["version": "\(GatewayVersion.string)"])
    }

    private static func firstSteps(
        port: Int, isTLS: Bool, certificatePath: String?, sandboxPort: Int
    ) -> String {
        let scheme = isTLS ? "https" : "http"
        let how = isTLS ? "--http2 --cacert \(certificatePath ?? "")" : "--http2-prior-knowledge"
        return """

            product-gateway \(GatewayVersion.string) with vendor stand-ins: nothing leaves this machine.

            Update a product (the stand-in's, at every vendor):

              curl \(how) -X PATCH '\(scheme)://localhost:\(port)/v1/products/EXT-PROD-12345?target=cor' \\
                   -H 'content-type: application/json' -d '{"name": "Premium Product"}'

            See what it becomes for the vendor, without sending it: add &dryRun=true.
            What each vendor takes: \(scheme)://localhost:\(port)/v1/targets
            The stand-ins, their products and their errors: https://localhost:\(sandboxPort)/

            """
    }
}
