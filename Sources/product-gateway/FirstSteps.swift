import GatewayProxy

/// What somebody is told who starts the gateway with stand-ins: what it is, and a request to try.
struct FirstSteps {
    let port: Int
    let isTLS: Bool
    let certificatePath: String?
    let sandboxPort: Int

    var text: String {
        let scheme = self.isTLS ? "https" : "http"
        let how = self.isTLS ? "--http2 --cacert \(self.certificatePath ?? "")" : "--http2-prior-knowledge"
        return """

            product-gateway \(GatewayVersion.string) with vendor stand-ins: nothing leaves this machine.

            Update a product (the stand-in's, at every vendor):

              curl \(how) -X PATCH '\(scheme)://localhost:\(self.port)/v1/products/EXT-PROD-12345?target=cor' \\
                   -H 'content-type: application/json' -d '{"name": "Premium Product"}'

            See what it becomes for the vendor, without sending it: add &dryRun=true.
            What each vendor takes: \(scheme)://localhost:\(self.port)/v1/targets
            The stand-ins, their products and their errors: https://localhost:\(self.sandboxPort)/

            """
    }
}
