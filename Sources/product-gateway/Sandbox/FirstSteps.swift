import GatewayConfiguration
import GatewayProxy

/// What somebody is told who starts the gateway with stand-ins: where to look, and a request to try.
struct FirstSteps {
    let port: Int
    let isTLS: Bool
    let certificatePath: String?
    let adminHost: String
    let adminPort: Int
    let sandboxPort: Int
    let source: ChosenConfiguration
    /// Nil where the configuration has callers of its own.
    let callers: SandboxedCallers?
    /// Where the one of them may do something that may not do everything.
    let boundTargets: [String]

    var text: String {
        let scheme = self.isTLS ? "https" : "http"
        let gateway = "\(scheme)://localhost:\(self.port)"
        let how = self.isTLS ? "--http2 --cacert \(self.certificatePath ?? "")" : "--http2-prior-knowledge"
        let configuration =
            self.source.isExample
            ? "\(self.source.path), because there is no gateway.json in this folder" : self.source.path
        return """

            Try a translation: \(self.adminURL("/workbench"))

            product-gateway \(GatewayVersion.string) with stand-ins for the vendors: nothing leaves this machine.

              Status page    \(self.adminURL("/"))
              Gateway        \(gateway)
              Stand-ins      https://localhost:\(self.sandboxPort)/
              Configuration  \(configuration)

            Update a product of the stand-in for COR:

              curl \(how) -X PATCH '\(gateway)/v1/products/EXT-PROD-12345?target=cor' \\
                   -H 'content-type: application/json' -d '{"name": "Premium Product"}'

            To see what would be sent to the vendor, add &dryRun=true. \(gateway)/v1/targets says what each vendor
            takes, the stand-ins' address which products and errors they have. Ctrl-C stops all of it.
            \(self.callers.map { "\n" + self.text(of: $0, gateway: gateway, how: how) } ?? "")

            """
    }

    /// Who may change what, and how to be refused.
    private func text(of callers: SandboxedCallers, gateway: String, how: String) -> String {
        let target = self.boundTargets.first ?? "cor"
        return """
            Who may change what: requests without a key may do everything, in this sandbox only. Besides them there are
            two callers, with keys that are made for this run and end with it:

              \(SandboxedCallers.free)   may do everything
              \(SandboxedCallers.bounded)  may set \(SandboxedCallers.members.joined(separator: ", "))
                          at \(self.boundTargets.joined(separator: " and ")), and read there

            Be refused as the \(SandboxedCallers.bounded) (403 forbidden, nothing sent; without "name" it is sent):

              curl \(how) -X PATCH '\(gateway)/v1/products/EXT-PROD-12345?target=\(target)' \\
                   -H "x-api-key: $(cat \(callers.keyFile))" \\
                   -H 'content-type: application/json' -d '{"name": "New", "description": "Better"}'

            In the same folder: the other's key (\(SandboxedCallers.free).key), a token of the
            \(SandboxedCallers.bounded)'s (\(SandboxedCallers.bounded).jwt, for authorization: Bearer), and the keys of
            the token's issuer (jwks.json).
            """
    }

    private func adminURL(_ path: String) -> HTTPURL {
        HTTPURL(scheme: .http, host: self.adminAddress, port: self.adminPort, path: path)
    }

    /// An address that listens everywhere is reached on this machine.
    private var adminAddress: String {
        switch self.adminHost {
        case "0.0.0.0": "127.0.0.1"
        case "::": "::1"
        default: self.adminHost
        }
    }
}
