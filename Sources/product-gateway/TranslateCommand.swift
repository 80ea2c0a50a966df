import ArgumentParser
import GatewayConfiguration
import GatewayDocuments
import GatewayJSON
import GatewayProxy
import GatewayTranslation

extension ProductOperation: ExpressibleByArgument {}
extension Handling: ExpressibleByArgument {}

/// `product-gateway translate`: prints what would be sent to a vendor.
struct TranslateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "translate",
        abstract: "Print the vendor request that a canonical update becomes. Sends nothing.",
        discussion: """
            Reads a canonical product from a file or from standard input, translates it for a target, and \
            prints the request as JSON: method, url, headers, body, warnings, and in `then` the requests that \
            follow it where the vendor needs several. The body is the document \
            itself, every value as it came. Secrets are neither needed nor shown.

            What a target cannot take is refused as it would be by the gateway: the problem is printed as \
            JSON, with a pointer to each wrong member.

            Where an update replaces the whole product, or a map in it, the gateway first reads it and merges; \
            then `readsFirst` shows that request, and `body` is the update before the merge.

            With --operation read it prints the request that reads a product; there is nothing to be read from a \
            file then.

            EXAMPLES
              product-gateway translate --target cor --id EXT-PROD-12345 update.json
              product-gateway translate --target catalogue --operation create new.json
              echo '{"name": "Monitoring"}' \\
                | product-gateway translate --target softwareone --id PRD-1234-1234

            EXIT CODES
              0  translated
              1  refused (the problem is on standard output), or the configuration has
                 mistakes
              64 the command line cannot be understood, or the input cannot be read
            """)

    @Option(help: ArgumentHelp("The target; otherwise the configured defaultTarget.", valueName: "name"))
    var target: String?

    @Option(help: "What is to be done.")
    var operation = ProductOperation.update

    @Option(help: "The product's id, as the path of the gateway's URL has it (not percent-encoded).")
    var id: String?

    @Option(help: "strict or lenient, as in `Prefer: handling=…`; otherwise the target's own.")
    var handling: Handling?

    @Option(
        help: ArgumentHelp(
            "The configuration file; otherwise gateway.json in this folder, or the built-in example.", valueName: "file"
        ))
    var config: String?

    @Argument(help: "The canonical product; - is standard input.")
    var file = "-"

    func run() throws {
        do {
            let chosen = try ChosenTarget(named: self.target, config: self.config)
            if self.operation == .read {
                Terminal.outputDocument(self.document(of: try self.reading(at: chosen), [], for: chosen))
                return
            }
            let body = try InputDocument.read(self.file, what: "the canonical product")
            let translator = chosen.translator(bytesMax: chosen.limits.requestBody)
            let request: VendorRequest
            do throws(Problem) {
                request = try translator.translate(
                    self.operation, for: chosen.plan, id: self.id.map { Array($0.utf8) }, body: body,
                    handling: self.handling)
            } catch {
                guard self.isOnlyIDMissing(body, translator, chosen) else { throw error }
                throw Problem(
                    error.code, detail: "An update needs the product's id: name it with --id.", target: error.target)
            }
            Terminal.outputDocument(self.document(of: request, translator.following(request), for: chosen))
        } catch let problem as Problem {
            Terminal.outputDocument(problem.json(requestID: CommandRequestID.text))
            throw ExitCode.failure
        }
    }

    private func reading(at chosen: ChosenTarget) throws -> VendorRequest {
        guard let id = self.id else {
            throw Problem(
                .invalidRequest, detail: "A read needs the product's id: name it with --id.",
                target: chosen.plan.targetName)
        }
        return try chosen.plan.readRequest(of: Array(id.utf8))
    }

    /// Whether an id, whatever it is, would have been enough.
    private func isOnlyIDMissing(_ body: [UInt8], _ translator: Translator, _ chosen: ChosenTarget) -> Bool {
        guard self.id == nil, self.operation == .update else { return false }
        let request = try? translator.translate(
            self.operation, for: chosen.plan, id: Array("id".utf8), body: body, handling: self.handling)
        return request != nil
    }

    private func document(
        of request: VendorRequest, _ following: [VendorRequest], for chosen: ChosenTarget
    ) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: request.body.count + 512)
        writer.beginObject()
        DryRunDocument.writeMembers(
            of: request, following: following, baseURL: chosen.baseURL, credentials: chosen.maskedCredentials,
            to: &writer)
        if request.readsFirst {
            let read = chosen.plan.readRequest(before: request)
            writer.name("readsFirst")
            writer.beginObject()
            writer.member("method", read.method)
            writer.member("url", chosen.baseURL + read.pathText)
            writer.endObject()
        }
        writer.endObject()
        return writer.bytes
    }
}
