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
