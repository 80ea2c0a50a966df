import ArgumentParser
import GatewayConfiguration
import GatewayIdentity
import GatewayJSON
import GatewayProxy
import Glibc

/// `product-gateway token`: what becomes of a caller's token.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Say what the gateway makes of a token.", subcommands: [Check.self])

    /// `product-gateway token check`.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Say whether a token counts, and if not, why.",
            discussion: """
                Reads a token from standard input (or from a file) and holds it against an issuer of the \
                configuration: its rules, and its keys, which come from --keys or from the file that the \
                configuration names. A token that counts is one of a caller's: it is said whose. With --keys \
                alone only the signature is looked at. Sends nothing.

                EXAMPLES
                  product-gateway token check --keys jwks.json < token
                  product-gateway token check --config gateway.json \\
                    --keys jwks.json < token
                  curl -s https://login.example.org/keys > jwks.json

                EXIT CODES
                  0  the token counts, as that of the caller that is printed; with
                     --keys alone: it is signed
                  1  it does not, or it is none of a caller's; the reason is printed
                  64 the command line cannot be understood, or the input cannot be read
                """)

        @Option(help: ArgumentHelp("A key set (JWKS) to verify the signature with.", valueName: "file"))
        var keys: String?

        @Option(help: ArgumentHelp("The configuration whose issuers count.", valueName: "file"))
        var config: String?

        @Option(
            help: ArgumentHelp("The SHA-256 of the client certificate that was shown with it.", valueName: "digits"))
        var certificate: String?

        @Argument(help: "The token; - is standard input.")
        var file = "-"

        func validate() throws {
            if self.keys == nil, self.config == nil { throw ValidationError("give --keys, --config or both") }
            if let certificate, Digest(hexadecimal: certificate) == nil {
                throw ValidationError("--certificate is a SHA-256 of 64 hexadecimal digits")
            }
        }

        func run() throws {
            var token = try InputDocument.read(self.file, what: "the token")
            // An editor's or echo's line end is no part of it.
            while token.last == UInt8(ascii: "\n") || token.last == UInt8(ascii: "\r") { token.removeLast() }
            let keys = try self.keys.map { try Self.keySet(try InputDocument.read($0, what: "the key set"), in: $0) }
            do {
                if let config {
                    try self.check(token, config, keys)
                } else if let keys {
                    try CompactToken(token).checkSignature(keys)
                    Terminal.output("signed: by a key of the set; nothing else was looked at")
                }
            } catch let refusal as TokenRefusal {
                Terminal.output("refused: \(refusal.rawValue): \(refusal.sentence)")
                throw ExitCode.failure
            }
        }

        private static func keySet(_ bytes: [UInt8], in file: String) throws -> KeySet {
            do throws(KeySet.Failure) {
                return try KeySet(parsing: bytes)
            } catch {
                Terminal.output("refused: no_keys: \(file): \(error)")
                throw ExitCode.failure
            }
        }

        private func check(_ token: [UInt8], _ config: String, _ keys: KeySet?) throws {
            let chosen = ChosenConfiguration(path: config, orExample: false)
            let result = Configuration.load(path: chosen.path, inputs: chosen.inputs(secrets: .reported))
            guard let configuration = result.configuration else {
                for diagnostic in result.diagnostics { Terminal.error("\(diagnostic)") }
                throw ExitCode.failure
            }
            let issuers = configuration.issuers.values.sorted { $0.name < $1.name }
            let received = try ReceivedToken(token, issuers: issuers.map(\.rules))
            let issuer = issuers[received.issuer]
            let verified = try received.verify(
                try keys ?? Self.configuredKeys(of: issuer), nowEpochSeconds: time(nil),
                certificate: self.certificate.flatMap { Digest(hexadecimal: $0) })
            let said =
                "issuer \(issuer.name), subject \(Self.shown(verified.claims.subject)), "
                + "client \(Self.shown(verified.claims.clientID))"
            guard !configuration.callers.isEmpty else {
                Terminal.output("valid: \(said); no callers are configured, so that nobody has to prove anything")
                return
            }
            let callers = configuration.callers(of: verified.claims, from: issuer)
            guard let caller = callers.first, callers.count == 1 else {
                let whose =
                    callers.isEmpty ? "none of a caller's" : "that of several (\(callers.joined(separator: ", ")))"
                Terminal.output("refused: caller: The token is good, but is \(whose): \(said)")
                throw ExitCode.failure
            }
            Terminal.output("valid: caller \(caller), \(said)")
        }

        /// A claim for a terminal, which must not take any of it for a command.
        private static func shown(_ claim: ExactText?) -> String {
            guard let claim else { return "none" }
            return claim.description.unicodeScalars.map { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: "\\u{\(String(scalar.value, radix: 16))}"
                default: String(scalar)
                }
            }.joined()
        }

        private static func configuredKeys(of issuer: IssuerConfiguration) throws -> KeySet {
            guard case .file(let path, let bytes) = issuer.keySet else {
                throw ValidationError(
                    "the keys of \(issuer.name) are fetched, which this command does not do: give --keys")
            }
            return try Self.keySet(bytes, in: path)
        }
    }
}
