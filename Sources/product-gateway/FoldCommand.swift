import ArgumentParser
import GatewayDocuments
import GatewayJSON
import GatewayProxy
import GatewayTranslation
import Glibc

/// `product-gateway fold`: prints what the gateway would make of a vendor's answer.
struct FoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fold",
        abstract: "Print what the gateway would answer for a vendor's answer.",
        discussion: """
            Reads the body of a vendor's answer from a file or from standard input, folds it for a target, \
            and prints the gateway's answer as JSON: status, headers and body. The body is the canonical \
            product or the problem document, as a caller would get it; only its requestId is no real one. \
            What the gateway knows of the request that was answered, and puts into its words and its \
            checks, comes from --operation, --id and --request.

            EXAMPLES
              echo '{"errors":[{"title":"Not Found","status":"404"}]}' \\
                | product-gateway fold --target elastic-path --status 404 --id 60afe403
              product-gateway fold --target softwareone --status 400 \\
                --request update.json answer.json
              product-gateway fold --target cor --status 429 \\
                --header 'retry-after: 30' /dev/null
              product-gateway fold --target catalogue --status 200 --truncated half.json

            EXIT CODES
              0  folded, into a product or into a problem
              1  there is no such target, or the configuration has mistakes
              64 the command line cannot be understood, or the input cannot be read
            """)

    @Option(help: ArgumentHelp("The target; otherwise the configured defaultTarget.", valueName: "name"))
    var target: String?

    @Option(help: "The HTTP status of the vendor's answer.")
    var status: Int

    @Option(help: "What was asked for.")
    var operation = ProductOperation.update

    @Option(help: "The product's id, as the path of the gateway's URL had it (not percent-encoded).")
    var id: String?

    @Option(
        help: ArgumentHelp("The canonical product that the caller sent, as `translate` reads it.", valueName: "file"))
    var request: String?

    @Option(
        help: ArgumentHelp(
            """
            A header field of the vendor's answer; may be repeated. Those that count are retry-after, \
            etag, x-request-id, request-id or x-correlation-id, and those that the dialect asks for.
            """,
            valueName: "name: value"))
    var header: [String] = []

    @Option(help: "strict or lenient, as the caller's `Prefer: handling=…`; otherwise the target's own.")
    var handling: Handling?

    @Flag(help: "The vendor's answer broke off at the end of the input.")
    var truncated = false

    @Option(
        help: ArgumentHelp(
            "The configuration file; otherwise gateway.json in this folder, or the built-in example.", valueName: "file"
        ))
    var config: String?

    @Argument(help: "The body of the vendor's answer; - is standard input.")
    var file = "-"

    func validate() throws {
        if self.request == "-", self.file == "-" {
            throw ValidationError("--request and the answer cannot both be standard input")
        }
        if self.operation == .read, self.request != nil {
            throw ValidationError("--request is what changed a product; a read sends none")
        }
        // RFC 9110 §15: three digits; 1xx are no final answers.
        guard (200...599).contains(self.status) else {
            throw ValidationError("--status is a final HTTP status from 200 to 599")
        }
        for header in self.header where Self.split(header) == nil {
            throw ValidationError("--header is written 'name: value', not '\(header)'")
        }
    }

    func run() throws {
        let chosen: ChosenTarget
        do {
            chosen = try ChosenTarget(named: self.target, config: self.config)
        } catch let problem as Problem {
            Terminal.outputDocument(problem.json(requestID: CommandRequestID.text))
            throw ExitCode.failure
        }
        do {
            let request = try self.sentRequest(to: chosen)
            let answer = VendorAnswer(
                status: self.status,
                body: try InputDocument.read(self.file, what: "the vendor's answer"),
                isComplete: !self.truncated, retryAfter: self.value(of: "retry-after"),
                requestID: self.value(of: "x-request-id") ?? self.value(of: "request-id")
                    ?? self.value(of: "x-correlation-id"),
                etag: self.value(of: "etag"), headers: self.header.compactMap(Self.split))
            let translator = chosen.translator(bytesMax: chosen.limits.answerBody)
            let folded =
                self.operation == .read
                ? translator.foldRead(
                    answer, to: request ?? VendorRequest(method: "GET", path: [], headers: [], body: []),
                    for: chosen.plan, nowEpochSeconds: time(nil))
                : translator.fold(
                    answer, to: request, operation: self.operation, for: chosen.plan, nowEpochSeconds: time(nil))
            Terminal.outputDocument(
                self.document(
                    of: FoldedDocument(
                        folded, of: answer, operation: self.operation, target: chosen.plan.targetName,
                        requestID: CommandRequestID.text)))
        } catch let problem as Problem {
            Terminal.error("product-gateway: \(self.request ?? "the request") would not have been sent:")
            Terminal.outputDocument(problem.json(requestID: CommandRequestID.text))
            throw ExitCode.failure
        }
    }

    /// What the gateway sent, as far as it is known here.
    private func sentRequest(to chosen: ChosenTarget) throws -> VendorRequest? {
        let id = self.id.map { Array($0.utf8) }
        if self.operation == .read {
            // Refuses where the vendor's products cannot be read.
            let request = try chosen.plan.readRequest(of: id ?? [])
            return id.map { _ in request }
        }
        guard let file = self.request else {
            // The id alone; nothing else of the request is looked at then.
            return id.map { VendorRequest(method: "", path: [], headers: [], body: [], id: $0) }
        }
        return try chosen.translator(bytesMax: chosen.limits.requestBody).translate(
            self.operation, for: chosen.plan, id: id,
            body: try InputDocument.read(file, what: "the canonical product"), handling: self.handling)
    }

    private func document(of folded: FoldedDocument) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: folded.body.count + 512)
        writer.object { writer in
            writer.member("status", folded.status)
            writer.object("headers") { writer in
                for field in folded.fields { writer.member(field.name, field.value) }
            }
            writer.member("body", raw: folded.body)
        }
        return writer.bytes
    }

    /// The value of the first field of that name.
    private func value(of name: String) -> String? {
        self.header.lazy.compactMap(Self.split).first { $0.name == name }?.value
    }

    private static func split(_ header: String) -> (name: String, value: String)? {
        guard let colon = header.firstIndex(of: ":"), colon > header.startIndex else { return nil }
        let value = header[header.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        return (header[..<colon].lowercased(), String(value))
    }
}
