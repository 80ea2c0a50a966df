import ArgumentParser
import GatewayConfiguration
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

            EXAMPLES
              product-gateway check
              product-gateway check --config /etc/gateway/gateway.json --strict
              product-gateway check --print effective | less
              product-gateway check --print schema > gateway.schema.json

            EXIT CODES
              0  no mistakes
              1  mistakes; with --strict also warnings
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

    func validate() throws {
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

        if self.print == .effective, let configuration = result.configuration {
            for diagnostic in diagnostics { Terminal.error("\(diagnostic)") }
            Terminal.outputDocument(configuration.inForce.pretty)
        } else {
            for diagnostic in diagnostics { Terminal.output("\(diagnostic)") }
            let names = (result.configuration?.targets.keys).map { $0.sorted() } ?? []
            let summary = Self.summary(targets: names, errors: errors, warnings: warnings, isValid: isValid)
            Terminal.output("\(self.config) \(summary)")
        }
        if !isValid { throw ExitCode.failure }
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
