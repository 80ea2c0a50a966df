import ArgumentParser
import GatewayConfiguration
import GatewayIdentity
import GatewayJSON

/// `product-gateway key`: what callers prove themselves with.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Make API keys for callers.", subcommands: [New.self])

    /// `product-gateway key new`.
    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "new",
            abstract: "Make an API key, print it once, and the line for gateway.json.",
            discussion: """
                The key has a prefix and a checksum, so that scanners find it where it should not be. Only its \
                SHA-256 goes into gateway.json: nobody can read the key from there, and nobody can show it again. \
                A caller may have two, so that the new one is in use before the old one goes.

                EXAMPLES
                  product-gateway key new pim
                  product-gateway key new pim --json | jq -r .key

                EXIT CODES
                  0  made
                  1  the system has no random numbers
                  64 the command line cannot be understood
                """)

        @Argument(help: "The caller's name under `callers`.")
        var caller: String

        @Flag(help: "Print one JSON document.")
        var json = false

        func validate() throws {
            guard GivenName.isValid(self.caller) else {
                throw ValidationError("the name of a caller has \(GivenName.words)")
            }
        }

        func run() throws {
            guard let key = APIKey.make(), let digest = key.digest?.hexadecimal else {
                Terminal.error("product-gateway: the system has no random numbers")
                throw ExitCode.failure
            }
            if self.json {
                var writer = JSONWriter(reservingCapacity: 512)
                writer.beginObject()
                writer.member("caller", self.caller)
                writer.member("key", key.text)
                writer.member("keySHA256", digest)
                writer.endObject()
                Terminal.outputDocument(writer.bytes)
                return
            }
            Terminal.output(key.text)
            Terminal.error(
                """

                That is the key, and nobody can show it again. The caller sends it as authorization: Bearer … or \
                x-api-key: …. gateway.json knows it by its digest:

                  "callers": {
                    "\(self.caller)": { "identify": [ { "keySHA256": ["\(digest)"] } ] }
                  }
                """)
        }
    }
}
