import ArgumentParser
import GatewayProxy

@main
enum Main {
    static func main() async {
        StandardStreams.reserve()
        await ProductGateway.main()
    }
}

/// The command line: what each command does is in its own file.
struct ProductGateway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "product-gateway",
        abstract: "One canonical product update in, the vendor's language out, one answer back.",
        discussion: """
            A first look, without any set-up:

              product-gateway run --sandbox

            starts the gateway with stand-ins for the vendors and prints a request to try.
            """,
        version: GatewayVersion.string,
        subcommands: [
            RunCommand.self, CheckCommand.self, TranslateCommand.self, FoldCommand.self,
            SandboxCommand.self, HealthcheckCommand.self, TailCommand.self, KeysCommand.self, PushCommand.self,
            KeyCommand.self, TokenCommand.self, InitCommand.self, CompletionCommand.self,
            DialectCommand.self, ExplainCommand.self,
        ])
}
