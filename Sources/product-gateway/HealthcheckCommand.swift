import ArgumentParser

/// `product-gateway healthcheck`: asks a running gateway whether it is ready.
struct HealthcheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck",
        abstract: "Ask the running gateway whether it is ready; for containers.",
        discussion: """
            Asks the admin listener's /readyz, where the configuration says that it is, and says nothing \
            when it is ready. Mistakes in the configuration do not matter here: the gateway that runs may \
            have been started with an older one.

            EXAMPLES
              product-gateway healthcheck
              product-gateway healthcheck --url http://127.0.0.1:9901/livez --timeout 1
              product-gateway healthcheck --url https://10.1.2.3:9901 \\
                --admin-ca-file ca.pem

            EXIT CODES
              0  ready
              1  not ready, or no answer in time
              64 the command line cannot be understood
            """)

    @Option(help: "The configuration file that names the admin listener.")
    var config = "gateway.json"

    @Option(help: "Ask this URL instead.")
    var url: String?

    @OptionGroup
    var admin: AdminOptions

    @Option(
        help: ArgumentHelp("How many seconds to wait for the whole answer.", valueName: "seconds"))
    var timeout = 2.0

    func validate() throws {
        // Longer than any orchestrator waits for a probe.
        guard self.timeout > 0, self.timeout <= 300 else {
            throw ValidationError("--timeout is a number of seconds up to 300")
        }
        if let url = self.url { _ = try AdminAddress(url: url, path: Self.path) }
    }

    private static let path = "/readyz"

    func run() throws {
        let address =
            try self.url.map { try AdminAddress(url: $0, path: Self.path) }
            ?? AdminAddress(configuredIn: self.config, path: Self.path)
        let endpoint = try self.admin.endpoint(address)
        let url = endpoint.url
        let milliseconds = Int32((self.timeout * 1000).rounded(.up))
        switch HealthProbe.ask(endpoint, timeoutMilliseconds: milliseconds) {
        case .success(let answer) where answer.status == 200:
            return
        case .success(let answer):
            Terminal.error("not ready: \(url) answered \(answer.status) \(answer.firstLine)")
        case .failure(let failure):
            Terminal.error("no answer from \(url): \(failure)")
        }
        throw ExitCode.failure
    }
}
