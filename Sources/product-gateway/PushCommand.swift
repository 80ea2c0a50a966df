import ArgumentParser
import GatewayConfiguration
import GatewayHTTP
import GatewayProxy
import GatewayPush
import GatewayTLS
import Glibc

/// `product-gateway push`: sends the lines of a file through a running gateway, and goes on where it was interrupted.
struct PushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Push the products of a file through a running gateway.",
        discussion: """
            Reads JSON Lines, one {"id": …, "product": {…}} a line; or CSV with a header row: the columns id, op, \
            target and key, and members of the product by their names (name, billing/costCentre; name:json where \
            cells are JSON); or one JSON array of what would be lines. Sends them as one stream (POST /v1/bulk) \
            over HTTP/2 and shows how far it is: on a terminal in one line that is written over, elsewhere in a \
            line every ten seconds, with --json in a JSON line every second on standard output.

            FILE.push keeps what is done, each second: after an interruption --resume goes on from there. Lines \
            of one product keep their order. Streams have an idempotency key: one that breaks is begun again, the \
            gateway says which lines are done and does none of them twice, creates neither. The first Ctrl-C \
            waits for what is under way and says how to go on; the second ends at once.

            --failed FILE takes the lines that were refused; FILE.unprocessed those that can be pushed again as \
            they are, FILE.unknown creates that may have been done, FILE.problems the reasons.

            A bearer token or an API key is taken from --token-file or from PRODUCT_GATEWAY_TOKEN, the gateway's \
            URL from --to or from PRODUCT_GATEWAY_URL; a client certificate from --certificate and --private-key, \
            or from PRODUCT_GATEWAY_CERTIFICATE and PRODUCT_GATEWAY_PRIVATE_KEY. The gateway's certificate is \
            always verified.

            EXAMPLES
              product-gateway push products.jsonl --to https://gateway.example --target cor
              product-gateway push products.csv --target cor,elastic-path \\
                --failed failed.jsonl
              product-gateway push products.jsonl --target cor --dry-run
              product-gateway push products.jsonl --target cor --resume
              export-products | product-gateway push - --target cor --json

            EXIT CODES
              0  every line is done
              1  every line has been tried, and some were refused
              2  some were not tried, or nobody knows what became of them
              64 the command line cannot be understood, or nothing in the file
            """)

    @Argument(help: ArgumentHelp("The file; - is standard input.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("The gateway.", valueName: "url"))
    var to: String?

    @Option(help: ArgumentHelp("The target, or several with commas between.", valueName: "name"))
    var target: String?

    @Option(help: ArgumentHelp("jsonl, csv or json; otherwise what the file's name says, or jsonl."))
    var format: String?

    @Flag(help: "Translate and check every line; send nothing to a vendor.")
    var dryRun = false

    @Flag(help: "Go on where an earlier push of this file was interrupted.")
    var resume = false

    @Flag(help: "Send a line also after an earlier one of the same product has failed.")
    var continueOnFailure = false

    @Option(help: ArgumentHelp("Where lines go that were refused.", valueName: "file"))
    var failed: String?

    @Option(help: ArgumentHelp("Streams at once, each on a connection of its own: 1 to 16.", valueName: "number"))
    var parallel = 1

    @Flag(help: "Progress, failures and the end as JSON lines on standard output.")
    var json = false

    @Option(help: ArgumentHelp("A file with a bearer token or an API key.", valueName: "file"))
    var tokenFile: String?

    @Option(
        help: ArgumentHelp("The client certificate (PEM), for a gateway that knows callers by it.", valueName: "file"))
    var certificate: String?

    @Option(help: ArgumentHelp("The key of the client certificate (PEM).", valueName: "file"))
    var privateKey: String?

    @Option(help: ArgumentHelp("Trust these certificate authorities (PEM) instead of the system's.", valueName: "file"))
    var caFile: String?

    func validate() throws {
        guard (1...16).contains(self.parallel) else { throw ValidationError("--parallel is a number from 1 to 16") }
        if let format = self.format, PushSource.Format(rawValue: format) == nil {
            throw ValidationError("--format is jsonl, csv or json")
        }
        if self.file == "-", self.resume { throw ValidationError("standard input cannot be resumed: use a file") }
        if self.dryRun, self.resume { throw ValidationError("a dry run leaves nothing to resume") }
        if let failed = self.failed, let taken = self.ownFile(writtenBy: failed) {
            throw ValidationError("--failed would write over \(taken): give another name than for what is pushed")
        }
    }

    /// Of the files that failed lines go into, one that is read or kept here itself.
    private func ownFile(writtenBy failed: String) -> String? {
        func identity(_ path: String) -> [UInt64]? {
            var status = stat()
            return stat(path, &status) == 0 ? [UInt64(status.st_dev), UInt64(status.st_ino)] : nil
        }
        let own = [self.file, self.file + ".push"]
        return FailedLines.paths(of: failed).first { path in
            own.contains { $0 == path || identity($0) != nil && identity($0) == identity(path) }
        }
    }

    func run() async throws {
        let target = try self.pushTarget()
        let source = try self.source()
        var state: PushState?
        let statePath = self.file == "-" || self.dryRun ? nil : self.file + ".push"
        if let statePath { state = try self.state(at: statePath, target: target, source.fingerprint) }
        let reporter = PushReporter(
            file: self.file, failed: self.failed, isJSON: self.json, environment: ProcessEnvironment.variables)
        let push = PushRun(
            options: Push.Options(
                target: target, targetsPerLine: self.target.map { $0.split(separator: ",").count } ?? 1,
                streams: state?.streams ?? self.parallel, isDryRun: self.dryRun,
                key: self.dryRun ? nil : state?.key ?? Self.newKey()),
            statePath: state == nil ? nil : statePath, state: state, failedPath: self.failed, isResumed: self.resume,
            report: reporter.report)
        var signals: ProcessSignals?
        let ending: PushRun.Ending
        do {
            ending = try await push.run(source.lines) { stop in
                signals = ProcessSignals(onHangup: stop) { _ in
                    reporter.stopping()
                    stop()
                }
            }
        } catch let error as PushReadingError {
            throw ValidationError(error.description)
        }
        withExtendedLifetime(signals) {}
        if ending.isUnreadable, !ending.hasBegun, ending.progress.tally.all == 0 {
            reporter.withdraw()
            throw ValidationError("\(self.file): \(ending.obstacle ?? "it cannot be read")")
        }
        let goesOn = statePath != nil && ending.hasBegun && !ending.isUnreadable && Self.exitCode(ending)?.rawValue == 2
        reporter.ended(ending, resumeCommand: goesOn ? self.resumeCommand : nil)
        if let code = Self.exitCode(ending) { throw code }
        if let statePath { unlink(statePath) }
    }

    private static func exitCode(_ ending: PushRun.Ending) -> ExitCode? {
        let tally = ending.progress.tally
        if !ending.isComplete || tally.unprocessed > 0 || tally.unknown > 0 || ending.notKept != nil {
            return ExitCode(2)
        }
        return tally.refused + ending.refusedBefore > 0 ? ExitCode(1) : nil
    }

    private var resumeCommand: String {
        var arguments = CommandLine.arguments
        if !arguments.contains("--resume") { arguments.append("--resume") }
        return arguments.map { argument in
            argument.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:=,@%+".contains($0)) }
                ? argument
                : "'" + argument.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
                    + "'"
        }.joined(separator: " ")
    }

    // MARK: Inputs

    private func source() throws -> (lines: PushSource, fingerprint: PushState.Fingerprint?) {
        if self.file == "-", isatty(STDIN_FILENO) == 1 {
            Terminal.error("reading lines from standard input; end them with Ctrl-D")
        }
        let descriptor = self.file == "-" ? dup(STDIN_FILENO) : open(self.file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ValidationError("\(self.file): \(String(cString: strerror(errno)))") }
        let format =
            self.format.flatMap(PushSource.Format.init(rawValue:)) ?? PushSource.format(ofFile: self.file) ?? .jsonl
        return (
            PushSource(descriptor: descriptor, format: format), PushState.Fingerprint(descriptor: descriptor)
        )
    }

    private func state(
        at path: String, target: PushTarget, _ fingerprint: PushState.Fingerprint?
    ) throws -> PushState? {
        guard let fingerprint else { return nil }
        let destination = target.authority + target.path
        guard self.resume else {
            if let earlier = try? PushState.read(at: path), earlier.file == fingerprint, earlier.hasBegun {
                Terminal.error(
                    "an earlier push of this file to \(earlier.destination) left lines that are not done; this one "
                        + "begins anew, where --resume would go on")
            }
            return PushState(
                file: fingerprint, destination: destination, key: Self.newKey(), streams: self.parallel)
        }
        let kept: PushState?
        do { kept = try PushState.read(at: path) } catch { throw ValidationError(error.description) }
        guard let kept else { throw ValidationError("there is no \(path): nothing to resume") }
        guard kept.file == fingerprint else {
            throw ValidationError("\(self.file) has changed since \(path) was written: push it without --resume")
        }
        guard kept.destination == destination else {
            throw ValidationError("\(path) is of a push to \(kept.destination), not to \(destination)")
        }
        return kept
    }

    private func pushTarget() throws -> PushTarget {
        let variables = ProcessEnvironment.variables
        guard let text = self.to ?? variables["PRODUCT_GATEWAY_URL"] else {
            throw ValidationError("--to URL, or PRODUCT_GATEWAY_URL, says where the gateway is")
        }
        guard let url = HTTPURL(text) else {
            throw ValidationError("--to is the gateway's URL, such as https://gateway.example:8443")
        }
        var tls: TLSContext?
        if url.scheme == .https {
            tls = try ClientContext.make(
                authorities: self.caFile,
                certificate: self.certificate ?? variables["PRODUCT_GATEWAY_CERTIFICATE"],
                privateKey: self.privateKey ?? variables["PRODUCT_GATEWAY_PRIVATE_KEY"], applicationProtocol: "h2")
        } else if self.certificate != nil || self.privateKey != nil {
            throw ValidationError("a client certificate is shown over TLS only: use an https URL")
        } else if self.caFile != nil {
            throw ValidationError("--ca-file is about an https URL: over http there is no certificate to be verified")
        }
        var query: [String] = []
        if let target = self.target { query.append("target=" + Self.encoded(target)) }
        if self.dryRun { query.append("dryRun=true") }
        if self.continueOnFailure { query.append("onFailure=continue") }
        var fields = [("user-agent", "product-gateway-push/\(GatewayVersion.string)")]
        if let token = try self.token(variables) {
            guard url.scheme == .https || HTTPURL.isLoopback(host: url.host) else {
                throw ValidationError("a token is not sent without TLS: use an https URL")
            }
            fields.append(("authorization", "Bearer \(token)"))
        }
        return PushTarget(
            host: url.host, port: url.port, tls: tls, authority: url.authority,
            path: url.path + "/v1/bulk" + (query.isEmpty ? "" : "?" + query.joined(separator: "&")),
            inquiryPath: url.path + "/v1/bulk/", fields: fields, describe: { ConnectFailure.describe($0) })
    }

    /// 128 random bits: nobody else's key.
    private static func newKey() -> String {
        var random = SystemRandomNumberGenerator()
        return "push-"
            + [random.next(), random.next()].map { word in
                let digits = String(word, radix: 16)
                return String(repeating: "0", count: 16 - digits.count) + digits
            }.joined()
    }

    private static func encoded(_ names: String) -> String {
        names.split(separator: ",", omittingEmptySubsequences: false).map {
            String(decoding: PercentEncoding.encode(Array($0.utf8)), as: UTF8.self)
        }.joined(separator: ",")
    }

    private func token(_ variables: [String: String]) throws -> String? {
        var token = variables["PRODUCT_GATEWAY_TOKEN"]
        if let tokenFile = self.tokenFile {
            token = String(decoding: try InputDocument.read(tokenFile, what: "the token"), as: UTF8.self)
        }
        guard var text = token else { return nil }
        while text.last?.isNewline == true { text.removeLast() }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ValidationError("the token is not one line of visible characters")
        }
        return text
    }
}
