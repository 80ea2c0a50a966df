import GatewayIdentity
import GatewayTLS
import Glibc

/// What the caller of a load proves itself with, and what the gateway knows of it.
struct BenchmarkIdentity: Sendable {
    /// Further members of the configuration, each with a comma behind it.
    private(set) var configuration = ""
    /// Further members of `listener.tls`, with a comma before them.
    private(set) var listener = ""
    private(set) var authorization: String?
    private(set) var certificate: DevelopmentCertificate?
    private var keySet: [UInt8] = []

    private static let rules = #"""
        "allow": [{"targets": ["vendor-1"], "operations": ["update"], "fields": {"except": ["/billing"]}}]
        """#

    init(_ load: BenchmarkLoad) throws {
        switch load.name {
        case "audited":
            self.configuration = #""audit": {},"#
        case "token", "callers":
            let now = time(nil)
            let claims =
                #"{"iss":"https://issuer.test","aud":"benchmark","sub":"caller","iat":\#(now),"exp":\#(now + 3600)}"#
            guard let issuer = DevelopmentIssuer(), let token = issuer.token(claims: Array(claims.utf8)) else {
                throw NoToken()
            }
            self.keySet = issuer.keySet
            let others = (1..<max(1, load.amount)).map {
                #""caller-\#($0)": {"identify": [{"jwt": {"issuer": "test", "subject": "\#($0)"}}], \#(Self.rules)},"#
            }.joined()
            self.authorization = "Bearer " + String(decoding: token, as: UTF8.self)
            self.configuration = #"""
                "issuers": {"test": {"issuer": "https://issuer.test", "jwks": {"file": "jwks.json"},
                                     "audience": ["benchmark"], "algorithms": ["EdDSA"]}},
                "callers": {\#(others)
                    "caller": {"identify": [{"jwt": {"issuer": "test", "subject": "caller"}}], \#(Self.rules)}},
                """#
        case "certificate":
            self.certificate = try DevelopmentCertificate()
            self.listener = #", "callers": {"authorities": "callers.pem"}"#
            self.configuration = #"""
                "callers": {"caller": {"identify": [{"mtls": "dns:localhost"}], \#(Self.rules)}},
                """#
        default:
            break
        }
    }

    /// The content of a file of the configuration's; nil where it is none of these.
    func file(_ path: String) -> [UInt8]? {
        if path.hasSuffix("jwks.json") { return self.keySet }
        return path.hasSuffix("callers.pem") ? self.certificate?.certificate : nil
    }
}

/// This OpenSSL cannot sign tokens.
struct NoToken: Error {}
