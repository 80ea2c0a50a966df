import ArgumentParser
import GatewayTLS
import Glibc

/// `product-gateway run`: serves until it is told to stop.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Serve: accept canonical updates, forward them to the vendors.",
        discussion: """
            Reads the configuration, checks it whole, listens, and logs one line for each exchange to \
            standard output. SIGTERM and SIGINT stop it gracefully: it takes no new connections, finishes \
            what is in flight (within drainTimeout) and exits with 0; a second signal ends it at once.
            SIGHUP, or a change of a file that it was configured from, makes it read everything again: a \
            configuration with mistakes is refused, the old one stays.

            With --sandbox the vendors are stand-ins in this process: nothing leaves this machine, no \
            secrets, no certificate and no configuration are needed. Without callers in the configuration there \
            are two to try rules with; requests without a key may do everything then, too.

            EXAMPLES
              product-gateway run --sandbox
              product-gateway run --config /etc/gateway/gateway.json

            EXIT CODES
              0  stopped gracefully
              1  the configuration has mistakes, or a port is taken; or exchanges had
                 to be cut at the end
              64 the command line cannot be understood
            """)

    @Option(
        help: ArgumentHelp(
            "The configuration file; otherwise gateway.json in this folder. With --sandbox there need not be one.",
            valueName: "file"))
    var config: String?

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

    /// What happens to the process, in the order in which it happens.
    private enum Event: Sendable {
        case started(ServingGateway)
        case notStarted(any Error)
        case stop(signal: String)
    }

    func run() async throws {
        // A peer that has gone must not end the process: writing says so instead.
        signal(SIGPIPE, SIG_IGN)
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        let reloads = ReloadRequests()
        let signals = ProcessSignals(
            onHangup: { reloads.ask(.asked) }, onStop: { continuation.yield(.stop(signal: $0)) })
        defer { withExtendedLifetime(signals) {} }
        let certificate = self.sandbox ? try DevelopmentCertificate() : nil
        var vendors: SandboxedVendors?
        var file: CertificateFile?
        var callers: SandboxedCallers?
        defer {
            file?.remove()
            callers?.remove()
        }
        if let certificate {
            vendors = try await SandboxedVendors.start(certificate: certificate)
            file = try CertificateFile(certificate, path: self.certificateFile)
            callers = try SandboxedCallers()
        }
        let loader = GatewayLoader(
            source: ChosenConfiguration(path: self.config, orExample: self.sandbox),
            secrets: vendors == nil ? .required : .ignored, host: self.host, port: self.port,
            adminPort: self.adminPort, vendors: vendors,
            certificate: certificate, callers: callers)
        let log = ProcessLog()
        // Apart from the events: reading may hang, and a stop does not wait for it.
        let files = FileReadingExecutor()
        Task(executorPreference: files) { [path = file?.path] in
            do {
                continuation.yield(
                    .started(
                        try await ServingGateway.start(
                            loader, log: log, reloads: reloads, files: files, certificatePath: path)))
            } catch {
                continuation.yield(.notStarted(error))
            }
        }
        try await Self.serve(events, log: log)
        try await vendors?.stop()
    }

    /// Until the gateway has stopped, and its log is written.
    private static func serve(_ events: AsyncStream<Event>, log: ProcessLog) async throws {
        var serving: ServingGateway?
        for await event in events {
            switch event {
            case .started(let gateway): serving = gateway
            case .notStarted(let error):
                log.finish()
                throw error
            case .stop(let signal):
                guard let serving else {
                    Terminal.errorIfTaken("product-gateway: stopped by \(signal) before it was ready")
                    log.finish()
                    return
                }
                return try await serving.stop(signal: signal)
            }
        }
    }
}
