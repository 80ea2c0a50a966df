import ArgumentParser
import GatewayConfiguration
import GatewayIdentity
import GatewayTranslation

/// Where a command finds the admin listener of a running gateway.
struct AdminAddress {
    let url: HTTPURL
    /// The name that its certificate is known to have; nil where nobody knows better than the URL.
    let serverName: String?

    /// The URL that was named on the command line.
    ///
    /// - Parameters:
    ///   - path: for one that has none.
    ///   - option: how the command line names it.
    init(url text: String, path: String, option: String = "--url") throws {
        guard var url = HTTPURL(text) else {
            throw ValidationError("\(option) is an http:// or https:// URL such as http://127.0.0.1:9901\(path)")
        }
        if url.path.isEmpty || url.path == "/" { url.path = path }
        self.url = url
        self.serverName = nil
    }

    /// Where the configuration says that the admin listener is; other mistakes in it do not matter here.
    init(configuredIn config: String, path: String) throws {
        let inputs = ConfigurationInputs.system(builtInDialects: Dialect.builtInNames, secrets: .ignored)
        let admin = Configuration.load(path: config, inputs: inputs).admin
        guard admin.port != 0 else {
            throw ValidationError("admin.port is 0 in \(config): name the real one with --url")
        }
        // An address that listens everywhere is asked on this machine.
        let host =
            switch admin.host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "::1"
            default: admin.host
            }
        self.url = HTTPURL(scheme: admin.tls == nil ? .http : .https, host: host, port: admin.port, path: path)
        self.serverName = admin.tls.flatMap { Self.name(in: $0.certificate, inputs) }
    }

    /// A certificate is seldom made out to an address such as 127.0.0.1: the first of its names will do, because this
    /// is the very certificate that the gateway was told to show.
    private static func name(in certificate: String, _ inputs: ConfigurationInputs) -> String? {
        guard case .success(let pem) = inputs.readFile(certificate, self.certificateBytesMax) else { return nil }
        return PeerCertificate(pem: pem)?.dnsNames.first { !$0.hasPrefix("*") }
    }

    /// A chain with its intermediates has some ten KiB.
    private static let certificateBytesMax = 1 << 20
}
