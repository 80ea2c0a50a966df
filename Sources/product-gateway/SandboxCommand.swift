import ArgumentParser
import GatewaySandbox
import GatewayTLS
import Glibc
import NIOPosix

/// `product-gateway sandbox`: the vendor stand-ins alone.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Run the vendor stand-ins alone.",
        discussion: """
            Stateful stand-ins of COR, Elastic Path, SoftwareOne and the billing catalogue on one port of this \
            machine, over HTTP/2: every documented answer and error can be provoked. GET / tells what there \
            is. The SANDBOX_... environment variables change the credentials (docs/sandbox.md).

            Without --tls clients need prior knowledge of HTTP/2 (h2c).

            EXAMPLES
              product-gateway sandbox --port 9443
              curl --http2-prior-knowledge http://127.0.0.1:9443/

            EXIT CODES
              0  stopped by a signal
              1  the port is taken, or the certificate cannot be written
              64 the command line cannot be understood
            """)

    @Option(help: "Listen on this port of 127.0.0.1; 0 lets the system choose.")
    var port = 0

    @Flag(help: "Speak TLS, with a self-signed certificate for localhost.")
    var tls = false

    @Option(
        help: ArgumentHelp(
            "With --tls: where to write the certificate for clients to trust.", valueName: "file"))
    var certificateFile: String?

    @Option(
        help: ArgumentHelp(
            "How many seconds an issued token is good; both vendors document 3600.",
            valueName: "seconds"))
    var tokenLifetime = 3600.0

    func validate() throws {
        guard (0...65535).contains(self.port) else {
            throw ValidationError("a port is a number from 0 to 65535")
        }
        guard self.tokenLifetime > 0, self.tokenLifetime < 1e9 else {
            throw ValidationError("--token-lifetime is a positive number of seconds")
        }
        if self.certificateFile != nil, !self.tls {
            throw ValidationError("--certificate-file goes with --tls")
        }
    }

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let (stops, continuation) = AsyncStream.makeStream(of: Void.self)
        // It reads no files, so a hangup means nothing.
        let signals = ProcessSignals(onHangup: {}, onStop: { _ in continuation.finish() })
        defer { withExtendedLifetime(signals) {} }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let options = SandboxOptions(
            credentials: SandboxCredentials(environment: ProcessEnvironment.variables),
            tokenLifetimeSeconds: self.tokenLifetime)
        do {
            var context: TLSContext?
            var file: CertificateFile?
            if self.tls {
                let certificate = try DevelopmentCertificate()
                context = try .server(
                    certificateChain: certificate.certificate, privateKey: certificate.privateKey)
                file = try CertificateFile(certificate, path: self.certificateFile)
            }
            defer { file?.remove() }
            let server = try await SandboxServer.start(
                group: group, port: self.port, tls: context, options: options)
            let scheme = self.tls ? "https" : "http"
            Terminal.output("listening on \(scheme)://127.0.0.1:\(server.port)/")
            if let file { Terminal.output("certificate in \(file.path)") }
            for await _ in stops {}
            try await server.shutdown()
            try await group.shutdownGracefully()
        } catch {
            Terminal.error("product-gateway sandbox: \(error)")
            throw ExitCode(1)
        }
    }
}
