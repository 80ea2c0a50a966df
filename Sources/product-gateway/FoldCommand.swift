import ArgumentParser
import GatewayJSON
import GatewayProxy
import GatewayTranslation

/// `product-gateway fold`: prints what the gateway would make of a vendor's answer.
struct FoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fold",
        abstract: "Print what the gateway would answer for a vendor's answer.",
        discussion: """
            Reads the body of a vendor's answer from a file or from standard input, folds it for a target, \
            and prints the gateway's answer as JSON: status, headers and body. The body is the canonical \
            product or the problem document, as a caller would get it.

            EXAMPLES
              echo '{"errors":[{"title":"Not Found","status":"404"}]}' \\
                | product-gateway fold --target elastic-path --status 404
              product-gateway fold --target softwareone --status 400 answer.json
              product-gateway fold --target cor --status 429 --header 'retry-after: 30' /dev/null
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

    @Option(help: "What was asked for: update or create.")
    var operation = ProductOperation.update

    @Option(
        help: ArgumentHelp(
            """
            A header field of the vendor's answer; may be repeated. Those that count are retry-after, \
            etag and x-request-id.
            """,
            valueName: "name: value"))
    var header: [String] = []

    @Flag(help: "The vendor's answer broke off at the end of the input.")
    var truncated = false

    @Option(help: "The configuration file.")
    var config = "gateway.json"

    @Argument(help: "The body of the vendor's answer; - is standard input.")
    var file = "-"

    func validate() throws {
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
        let answer = VendorAnswer(
            status: self.status,
            body: try InputDocument.read(self.file, what: "the vendor's answer"),
            isComplete: !self.truncated, retryAfter: self.value(of: "retry-after"),
            requestID: self.value(of: "x-request-id"), etag: self.value(of: "etag"))
        let folded = chosen.translator(bytesMax: chosen.limits.answerBody)
            .fold(answer, to: nil, operation: self.operation, for: chosen.plan)
        Terminal.outputDocument(Self.document(of: folded, target: chosen.plan.targetName))
    }

    private static func document(of folded: FoldedAnswer, target: String) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 4096)
        writer.beginObject()
        switch folded {
        case .product(let answer):
            writer.member("status", 200)
            writer.name("headers")
            writer.beginObject()
            writer.member("content-type", CanonicalAnswer.mediaType)
            writer.endObject()
            writer.name("body")
            Array(CommandRequestID.text.utf8).withUnsafeBufferPointer {
                answer.write(to: &writer, target: target, requestID: $0)
            }
        case .problem(let problem):
            writer.member("status", problem.status)
            writer.name("headers")
            writer.beginObject()
            writer.member("content-type", Problem.mediaType)
            if let seconds = problem.retryAfterSeconds {
                writer.member("retry-after", String(seconds))
            }
            writer.member("proxy-status", ProxyStatus.value(for: problem))
            writer.endObject()
            writer.name("body")
            problem.write(to: &writer, requestID: CommandRequestID.text)
        }
        writer.endObject()
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
