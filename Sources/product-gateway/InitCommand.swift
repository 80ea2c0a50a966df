import ArgumentParser
import GatewayConfiguration
import GatewayTranslation
import Glibc

/// `product-gateway init`: writes a first configuration.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a first gateway.json for the vendors that you have.",
        discussion: """
            Asks which of the vendors you have, unless --vendor says so, and writes two files: gateway.json, with \
            a target for each, and a list of the secrets that they need, as an environment file without values. \
            Nothing is overwritten without --force. Sends nothing.

            EXAMPLES
              product-gateway init
              product-gateway init --vendor cor --vendor elastic-path
              product-gateway init --vendor catalogue \\
                --config deploy/gateway.json --secrets deploy/secrets.env

            EXIT CODES
              0  written
              1  a file is there already, or cannot be written
              64 the command line cannot be understood, or nobody is there to be asked
            """)

    @Option(help: ArgumentHelp("A vendor, by the name of its dialect; may be repeated.", valueName: "dialect"))
    var vendor: [String] = []

    @Option(help: "Where to write the configuration.")
    var config = "gateway.json"

    @Option(help: ArgumentHelp("Where to write the list of secrets.", valueName: "file"))
    var secrets = "secrets.env.example"

    @Flag(help: "Overwrite files that are there.")
    var force = false

    func validate() throws {
        for name in self.vendor where !Dialect.builtInNames.contains(name) {
            throw ValidationError("--vendor is one of \(Dialect.builtInNames.joined(separator: ", ")), not '\(name)'")
        }
    }

    func run() throws {
        let chosen = self.vendor.isEmpty ? try self.ask() : self.vendor
        let first = FirstConfiguration(dialects: Dialect.builtInNames.filter(chosen.contains))
        let files = [(self.config, first.text), (self.secrets, first.secretsText)]
        if !self.force {
            for (path, _) in files where access(path, F_OK) == 0 {
                Terminal.error("product-gateway: \(path) is there already; --force overwrites it")
                throw ExitCode.failure
            }
        }
        for (path, text) in files { try Self.write(text, to: path) }
        Terminal.output(
            """
            \(self.config) has \(first.dialects.count == 1 ? "a target" : "\(first.dialects.count) targets"): \
            \(first.dialects.joined(separator: ", "))
            \(self.secrets) lists the secrets that they need
            Look at each baseURL, then:
              product-gateway check --config \(self.config)            every mistake at once
              product-gateway run --sandbox --config \(self.config)    with stand-ins for the vendors
            """)
    }

    private func ask() throws -> [String] {
        guard isatty(STDIN_FILENO) == 1 else {
            throw ValidationError("name the vendors with --vendor: \(Dialect.builtInNames.joined(separator: ", "))")
        }
        var chosen: [String] = []
        for name in Dialect.builtInNames {
            let title = (try? Dialect(named: name).title) ?? name
            guard let isChosen = Self.answer(to: "\(title) (\(name))? [y/N] ") else { break }
            if isChosen { chosen.append(name) }
        }
        guard !chosen.isEmpty else { throw ValidationError("no vendor was chosen; nothing is written") }
        return chosen
    }

    /// Asks until the answer is one; nil where nobody answers any more.
    private static func answer(to question: String) -> Bool? {
        while true {
            Terminal.prompt(question)
            guard let answer = readLine() else { return nil }
            switch answer.lowercased() {
            case "y", "yes": return true
            case "", "n", "no": return false
            default: Terminal.error("Answer y or n, or nothing for no.")
            }
        }
    }

    private static func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        defer { if descriptor >= 0 { close(descriptor) } }
        let bytes = Array(text.utf8)
        guard descriptor >= 0, Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            Terminal.error("product-gateway: \(path) cannot be written: \(String(cString: strerror(errno)))")
            throw ExitCode.failure
        }
    }
}
