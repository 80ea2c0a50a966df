import ArgumentParser
import GatewayConfiguration
import GatewayJSON
import GatewayProxy

/// `product-gateway keys`: what is known of idempotency keys.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Look at what is known of callers' idempotency keys.",
        discussion: """
            EXAMPLE
              product-gateway keys show shop 8e03978e-40d5-43dd-bc93-6894a57f9324

            EXIT CODES
              Those of each subcommand: see its --help.
            """,
        subcommands: [KeysShowCommand.self])
}

/// `product-gateway keys show`: what the store knows of one key.
struct KeysShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Tell what became of the request with an idempotency key.",
        discussion: """
            Looks into the store that the configuration names, an SQLite file or a Redis server, also while \
            the gateway runs, and changes nothing. What a gateway keeps in memory only it can tell.

            EXAMPLES
              product-gateway keys show shop 8e03978e-40d5-43dd-bc93-6894a57f9324
              product-gateway keys show "" k-1 --json

            EXIT CODES
              0  the key is known
              1  it is not known
              2  the store cannot be asked
              64 the command line cannot be understood
            """)

    @Argument(help: "The caller's name in the configuration; \"\" where callers are not told apart.")
    var caller: String

    @Argument(help: "The key, without quotes or as the header field has it.")
    var key: String

    @Option(help: "The configuration file.")
    var config = "gateway.json"

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let source = ChosenConfiguration(path: self.config, orExample: false)
        let inputs = source.inputs(secrets: .reported)
        guard let configuration = Configuration.load(path: self.config, inputs: inputs).configuration else {
            Terminal.error("\(self.config) has mistakes; product-gateway check shows them")
            throw ExitCode(2)
        }
        let store = ConfiguredStore(configuration, file: self.config, inputs: inputs)
        let digits = KeyInquiry.digits(of: self.key, caller: self.caller) ?? ""
        switch await KeyInquiry.ask(store, key: self.key, caller: self.caller) {
        case .found(let record, let targets):
            let finding = KnownKey(digits: digits, record: record, targets: targets)
            Terminal.output(self.json ? finding.json : finding.text)
        case .absent:
            Terminal.output(
                self.json ? "{\"key\":\"\(digits)\",\"known\":false}" : "\(digits): nothing is known of this key")
            if !self.caller.isEmpty, configuration.callers[self.caller] == nil {
                Terminal.error("\(self.config) has no caller of this name")
            }
            throw ExitCode.failure
        case .inMemory:
            Terminal.error(
                "the keys are in the memory of the gateway that runs; the log finds its requests by key \(digits)")
            throw ExitCode(2)
        case .failed(let reason):
            Terminal.error("the store cannot be asked: \(reason)")
            throw ExitCode(2)
        }
    }
}
