import ArgumentParser

/// `product-gateway completion`: prints what teaches a shell to complete this command line.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print the completions for bash, zsh or fish.",
        discussion: """
            Made from the commands themselves, so that it knows every option of this version.

            EXAMPLES
              source <(product-gateway completion bash)
              product-gateway completion bash > /etc/bash_completion.d/product-gateway
              product-gateway completion zsh > "${fpath[1]}/_product-gateway"
              product-gateway completion fish \\
                > ~/.config/fish/completions/product-gateway.fish

            EXIT CODES
              0  printed
              64 the command line cannot be understood
            """)

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish

        var parsed: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() {
        Terminal.output(ProductGateway.completionScript(for: self.shell.parsed))
    }
}
