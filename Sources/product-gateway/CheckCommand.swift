import ArgumentParser
import GatewayConfiguration
import GatewayDocuments
import GatewayJSON
import GatewayProxy
import GatewayTranslation

/// `product-gateway check`: reads the configuration and prints every mistake.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read the configuration and print every mistake in it.",
        discussion: """
            Reads the configuration, the dialects and the files that it names, and prints all mistakes at \
            once, one per line: file, line, column, place in the document, what was expected and what was \
            found. Sends nothing and listens on nothing.

            Secrets, certificates and keys that are not on this machine are warnings: a configuration is \
            often checked where it is written. `run` needs them. With --strict, as in an init container, \
            they are mistakes, and so is every other warning: what passes then, run does not refuse.

            With --against a running gateway (the URL of its admin listener) or another file, it says what taking \
            this configuration in its place would change: keys, targets, the fields that a target gains or \
            loses, and what needs a restart. It compares what the files say, not the contents of secrets.

            EXAMPLES
              product-gateway check
              product-gateway check --config /etc/gateway/gateway.json --strict
              product-gateway check --print effective | less
              product-gateway check --print schema > gateway.schema.json
              product-gateway check --against http://127.0.0.1:9901
              product-gateway check --config new.json --against old.json --json

            EXIT CODES
              0  no mistakes
              1  mistakes; with --strict also warnings; with --against nothing to
                 compare with
              64 the command line cannot be understood
            """)

    /// What to print instead of the result.
    enum Document: String, ExpressibleByArgument, CaseIterable {
        case effective, schema
    }

    @Option(help: "The configuration file.")
    var config = "gateway.json"

    @Flag(help: "Take warnings for mistakes.")
    var strict = false

    @Flag(help: "Look for no secrets, certificates and keys at all.")
    var withoutSecrets = false

    @Option(
        help: ArgumentHelp(
            """
            Print a document to standard output: 'effective', the configuration with every default in \
            force and secrets as the place they come from, or 'schema', the JSON Schema of gateway.json.
            """,
            valueName: "document"))
    var print: Document?

    @Option(
        help: ArgumentHelp(
            "Say what a reload would change: of the gateway at this URL, or of this file.", valueName: "url|file"))
    var against: String?

    @OptionGroup
    var admin: AdminOptions

    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        if self.print != nil, self.against != nil || self.json {
            throw ValidationError("--print prints a document of its own: it does not go with --against and --json")
        }
        if self.strict, self.withoutSecrets {
            throw ValidationError("--strict needs the secrets that --without-secrets does not look for")
        }
    }

    func run() throws {
        if self.print == .schema {
            Terminal.outputDocument(ConfigurationSchema.text)
            return
        }
        let loader = GatewayLoader(
            source: ChosenConfiguration(path: self.config, orExample: false),
            secrets: self.withoutSecrets ? .ignored : self.strict ? .required : .reported)
        let result = loader.load()
        let diagnostics = result.diagnostics
        let errors = diagnostics.count { $0.severity == .error }
        let warnings = diagnostics.count - errors
        let isValid = errors == 0 && (!self.strict || warnings == 0)
        let difference = try self.difference(to: result)

        if self.print == .effective, let configuration = result.configuration {
            for diagnostic in diagnostics { Terminal.error("\(diagnostic)") }
            Terminal.outputDocument(configuration.inForce.pretty)
        } else if self.json {
            Terminal.outputDocument(self.document(of: result, difference, isValid: isValid))
        } else {
            for diagnostic in diagnostics { Terminal.output("\(diagnostic)") }
            let names = (result.configuration?.targets.keys).map { $0.sorted() } ?? []
            let summary = Self.summary(targets: names, errors: errors, warnings: warnings, isValid: isValid)
            Terminal.output("\(self.config) \(summary)")
            if isValid, result.configuration?.store.engine == .memory {
                Terminal.output("idempotency keys are kept in memory: they do not survive a restart")
            }
            if let difference, let against = self.against {
                Terminal.output(
                    difference.isEmpty ? "nothing would change at \(against)" : "at \(against) would change:")
                for line in difference.lines { Terminal.output("  \(line)") }
            }
        }
        if !isValid { throw ExitCode.failure }
    }

    /// Nil where nothing is to be compared, or where there is nothing to compare.
    private func difference(to result: GatewayLoader.Result) throws -> ConfigurationDifference? {
        guard let against = self.against, let configuration = result.configuration else { return nil }
        let old = try ComparedConfiguration(at: against, besides: self.config, admin: self.admin)
        let inputs = ConfigurationInputs.system(builtInDialects: Dialect.builtInNames, secrets: .ignored)
        let plans = ConfiguredTargets(configuration, file: self.config, inputs: inputs).plans
        return ConfigurationDifference(from: old.configuration, old.plans, to: configuration, plans)
    }

    private func document(
        of result: GatewayLoader.Result, _ difference: ConfigurationDifference?, isValid: Bool
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("config", self.config)
            writer.member("isValid", isValid)
            writer.member("targetNames", (result.configuration?.targets.keys).map { $0.sorted() } ?? [])
            writer.array("diagnostics") { writer in
                for diagnostic in result.diagnostics {
                    writer.object { writer in
                        writer.member("severity", diagnostic.severity == .error ? "error" : "warning")
                        writer.member("file", diagnostic.file)
                        if let line = diagnostic.line { writer.member("line", line) }
                        if let column = diagnostic.column { writer.member("column", column) }
                        writer.member("path", diagnostic.path.description)
                        writer.member("message", diagnostic.message)
                    }
                }
            }
            guard let difference else { return }
            writer.object("against") { writer in
                writer.member("place", self.against ?? "")
                difference.write(to: &writer)
            }
        }
        return writer.bytes
    }

    /// `is valid: 4 targets (catalogue, cor, …), 2 warnings`.
    static func summary(targets: [String], errors: Int, warnings: Int, isValid: Bool) -> String {
        func count(_ number: Int, _ noun: String) -> String {
            "\(number) \(noun)\(number == 1 ? "" : "s")"
        }
        let noted = warnings > 0 ? count(warnings, "warning") : nil
        if isValid {
            let list = "\(count(targets.count, "target")) (\(targets.joined(separator: ", ")))"
            return "is valid: " + [list, noted].compactMap { $0 }.joined(separator: ", ")
        }
        let mistakes = errors > 0 ? count(errors, "mistake") : nil
        return "is not valid: " + [mistakes, noted].compactMap { $0 }.joined(separator: ", ")
    }
}
