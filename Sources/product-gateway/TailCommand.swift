import ArgumentParser
import GatewayConfiguration
import GatewayHTTP
import GatewayProxy
import Glibc

/// `product-gateway tail`: shows exchanges of a running gateway as they end.
struct TailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Show the exchanges of a running gateway as they end.",
        discussion: """
            Asks the admin listener of a running gateway for the exchanges that end from now on, and prints \
            a line for each: time (UTC), caller, operation, request id, status, duration, and each target \
            with ✓ or the code of its problem. With --json the lines are those of the log (docs/logs.md), \
            whatever level it is at. It costs the gateway nothing while nobody watches, and never holds it \
            up: what a slow reader misses is counted and told.

            Filters of different kinds must all fit; of one that is repeated, any. Colours are for a \
            terminal, unless the environment has NO_COLOR.

            EXAMPLES
              product-gateway tail
              product-gateway tail --target cor --status 5xx --status 429
              product-gateway tail --slower-than 500ms --json | jq .targetMicroseconds
              product-gateway tail --url http://10.1.2.3:9901 \\
                --code vendor_timeout --count 1

            EXIT CODES
              0  as many as --count says have been shown
              1  there is no gateway, it refuses to be watched, or it has ended
              64 the command line cannot be understood
            """)

    @Option(help: "The configuration file that names the admin listener.")
    var config = "gateway.json"

    @Option(help: "Ask the admin listener at this URL instead.")
    var url: String?

    @OptionGroup
    var admin: AdminOptions

    @Option(help: ArgumentHelp("Only exchanges with this target; may be repeated.", valueName: "name"))
    var target: [String] = []

    @Option(help: ArgumentHelp("Only exchanges of this caller; may be repeated.", valueName: "name or address"))
    var caller: [String] = []

    @Option(help: ArgumentHelp("Only exchanges with this code, such as vendor_timeout; may be repeated."))
    var code: [String] = []

    @Option(help: ArgumentHelp("Only answers with this status, or class such as 5xx; may be repeated."))
    var status: [String] = []

    @Option(help: ArgumentHelp("Only exchanges that took longer than this, such as 250ms.", valueName: "duration"))
    var slowerThan: String?

    @Option(help: ArgumentHelp("Only requests or traces whose id begins like this; may be repeated."))
    var id: [String] = []

    @Option(help: ArgumentHelp("End after so many exchanges.", valueName: "number"))
    var count: Int?

    @Flag(help: "Print the log's JSON lines.")
    var json = false

    func validate() throws {
        if let count = self.count, count < 1 { throw ValidationError("--count is a number from 1 on") }
        if let slowerThan = self.slowerThan, DurationText.parse(slowerThan) == nil {
            throw ValidationError("--slower-than is a duration such as 250ms or 2s")
        }
        for status in self.status where StatusRange(status) == nil {
            throw ValidationError("--status is one such as 429, or a class such as 5xx, not '\(status)'")
        }
        if let url = self.url { _ = try AdminAddress(url: url, path: Self.path) }
    }

    private static let path = "/exchanges"
    /// To connect and for the head of the answer: a gateway on the network, not one on the moon.
    private static let answerMilliseconds: Int32 = 5000

    func run() throws {
        let address =
            try self.url.map { try AdminAddress(url: $0, path: Self.path) }
            ?? AdminAddress(configuredIn: self.config, path: Self.path)
        let endpoint = try self.admin.endpoint(address)
        let url = endpoint.url
        let terminal = LogTerminal(descriptor: STDOUT_FILENO, environment: ProcessEnvironment.variables)
        var left = self.count
        do throws(SocketFailure) {
            let stream = try LineStream(endpoint, query: self.query, timeoutMilliseconds: Self.answerMilliseconds)
            while let line = try stream.next() {
                guard !line.isEmpty else { continue }
                let shown = self.show(line, isColoured: terminal.takesColour)
                if shown, let before = left {
                    left = before - 1
                    if before == 1 { return }
                }
            }
            Terminal.error("product-gateway: the gateway at \(url.authority) has ended")
        } catch {
            Terminal.error("product-gateway: no exchanges from \(url): \(error)")
        }
        throw ExitCode.failure
    }

    private var query: String {
        var pairs: [(String, String)] = []
        for (name, values) in [
            ("target", self.target), ("caller", self.caller), ("code", self.code), ("status", self.status),
            ("slowerThan", self.slowerThan.map { [$0] } ?? []), ("id", self.id),
        ] {
            for value in values { pairs.append((name, value)) }
        }
        return pairs.map { name, value in
            name + "=" + String(decoding: PercentEncoding.encode(Array(value.utf8)), as: UTF8.self)
        }.joined(separator: "&")
    }

    /// - Returns: whether it was an exchange.
    private func show(_ line: [UInt8], isColoured: Bool) -> Bool {
        guard let entry = TailEntry(line) else { return false }
        switch entry {
        case .exchange(let exchange, let time):
            if self.json {
                Terminal.output(String(decoding: line, as: UTF8.self))
            } else {
                Terminal.output(
                    String(decoding: exchange.bytes(time: time, isColoured: isColoured).dropLast(), as: UTF8.self))
            }
            return true
        case .notice(let text):
            if self.json {
                Terminal.output(String(decoding: line, as: UTF8.self))
            } else {
                Terminal.error("product-gateway: \(text)")
            }
            return false
        }
    }
}
