import ArgumentParser
import GatewayConfiguration
import GatewayProxy
import GatewayTLS
import GatewayTranslation
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
        // A terminal that closes is no reason to stop serving.
        signal(SIGHUP, SIG_IGN)
        let inputs = ConfigurationInputs.system(
            builtInDialects: Dialect.builtInNames, secrets: self.sandbox ? .ignored : .required)
        let result = Configuration.load(path: self.config, inputs: inputs)
        for diagnostic in result.diagnostics { Terminal.error("\(diagnostic)") }
        guard var configuration = result.configuration else {
            Terminal.error("product-gateway: \(self.config) has mistakes; nothing was started")
            throw ExitCode(1)
        }
        if let port = self.port { configuration.listener.port = port }
        if let port = self.adminPort { configuration.admin.port = port }

        let stop = StopSignals()
        let logWriter = LogWriter()
        let logger = Self.logger(configuration.logging, writer: logWriter)
        do {
            if self.sandbox {
                try await self.runWithSandbox(
                    &configuration, inputs: inputs, stop: stop, logger: logger, logWriter: logWriter)
            } else {
                try await self.serve(
                    configuration, inputs: inputs, stop: stop, logger: logger, logWriter: logWriter)
            }
        } catch let error as Gateway.StartError {
            logWriter.flush()
            Terminal.error("product-gateway: \(error)")
            throw ExitCode(1)
        }
    }

    private func runWithSandbox(
        _ configuration: inout Configuration, inputs: ConfigurationInputs, stop: StopSignals,
        logger: Logger, logWriter: LogWriter
    ) async throws {
        let certificate = try DevelopmentCertificate()
        let vendors = try await SandboxedVendors.start(certificate: certificate)
        vendors.redirect(&configuration)
        let file = try CertificateFile(certificate, path: self.certificateFile)
        defer { file.remove() }
        try await self.serve(
            configuration, inputs: inputs, certificate: certificate, vendors: vendors,
            certificatePath: file.path, stop: stop, logger: logger, logWriter: logWriter)
        try await vendors.stop()
    }

    private func serve(
        _ configuration: Configuration, inputs: ConfigurationInputs,
        certificate: DevelopmentCertificate? = nil, vendors: SandboxedVendors? = nil,
        certificatePath: String? = nil, stop: StopSignals, logger: Logger, logWriter: LogWriter
    ) async throws {
        let targets = ConfiguredTargets(
            configuration, file: self.config, inputs: inputs,
            authorities: certificate?.certificate)
        let gateway = try await Gateway.start(
            configuration, targets: targets, inputs: inputs, certificate: certificate,
            logger: logger, logWriter: logWriter)
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
        if let vendors {
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

        let signal = await stop.first()
        logger.info("stopping", metadata: ["signal": "\(signal)"])
        let cut = await gateway.stop(within: configuration.drainTimeout)
        if cut > 0 {
            logger.warning("stopped", metadata: ["exchangesCut": .stringConvertible(cut)])
            logWriter.flush()
            throw ExitCode(1)
        }
        logger.info("stopped")
        logWriter.flush()
    }

    private static func logger(_ logging: LoggingConfiguration, writer: LogWriter) -> Logger {
        let level = Logger.Level(rawValue: logging.level.rawValue) ?? .info
        let format: LogLineFormat = logging.format == .text ? .text : .json
        LoggingSystem.bootstrap { label in
            GatewayLogHandler(label: label, level: level, format: format, writer: writer)
        }
        return Logger(label: "product-gateway")
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
