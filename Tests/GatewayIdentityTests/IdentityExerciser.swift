import GatewayIdentity

/// Feeds what a fuzzer has made to everything that reads what callers and issuers send, and checks what must hold
/// for any input.
///
/// The first byte of an input chooses what the rest is: a token, a key set, claims of a token, a certificate, Base64.
/// Both the fuzzer and the unit tests (for what the fuzzer has found) use it. Used by one thread.
struct IdentityExerciser {
    /// What is wrong with what was made of the input; nothing when all is well.
    private(set) var mistakes: [String] = []

    private static let rules = IssuerRules(
        issuer: "https://i", audiences: ["a"], algorithms: SignatureAlgorithm.allCases, wantsAccessTokens: false,
        clockSkewSeconds: 30, lifetimeSecondsMax: 86_400)
    /// RFC 8037 appendix A.2, whose private key no fuzzer finds a signature of.
    private static let keys = Array(
        #"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#.utf8)
    private static let header = Array(#"{"alg":"EdDSA"}"#.utf8)

    /// Runs one input from its beginning to its end.
    mutating func run(_ input: [UInt8]) {
        guard let mode = input.first else { return }
        let rest = Array(input.dropFirst())
        switch mode % 5 {
        case 0: self.token(rest)
        case 1: _ = try? KeySet(parsing: rest)
        case 2:
            // Whole but for the signature, so that the claims are looked at.
            self.token(
                Base64URL.encode(Self.header) + [UInt8(ascii: ".")] + Base64URL.encode(rest) + Array(".AAAA".utf8))
        case 3: self.certificate(rest)
        default: self.base64(rest)
        }
    }

    private mutating func token(_ text: [UInt8]) {
        guard let keys = try? KeySet(parsing: Self.keys),
            let token = try? ReceivedToken(text, issuers: [Self.rules])
        else { return }
        _ = token.claims.says("x", in: "scope")
        _ = token.claims.says("x", in: "/a/~1b/0")
        if (try? token.verify(keys, nowEpochSeconds: 1_800_000_000, certificate: nil)) != nil {
            self.mistakes.append("a token counts that nobody has signed")
        }
    }

    private mutating func certificate(_ der: [UInt8]) {
        guard let certificate = PeerCertificate(der: der) else { return }
        let names = certificate.uris + certificate.dnsNames
        if names.contains(where: { $0.utf8.contains { !(0x21...0x7E).contains($0) } }) {
            self.mistakes.append("a name of a certificate has a byte that no name has")
        }
    }

    private mutating func base64(_ text: [UInt8]) {
        if let bytes = Base64URL.decode(text), Base64URL.encode(bytes) != text {
            self.mistakes.append("two texts stand for the same bytes")
        }
        _ = Base64.decode(text)
        _ = APIKey.isWellFormed(text)
        _ = Digest(hexadecimal: String(decoding: text, as: UTF8.self))
    }
}
