import ArgumentParser
import GatewayConfiguration
import GatewayTranslation

/// Where a command finds the admin listener of a running gateway.
enum AdminAddress {
    /// The URL that was named on the command line.
    ///
    /// - Parameters:
    ///   - path: for one that has none.
    ///   - option: how the command line names it.
    static func url(_ text: String, path: String, option: String = "--url") throws -> HTTPURL {
        guard var url = HTTPURL(text), url.scheme == .http else {
            throw ValidationError("\(option) is an http:// URL such as http://127.0.0.1:9901\(path)")
        }
        if url.path.isEmpty || url.path == "/" { url.path = path }
        return url
    }

    /// Where the configuration says that the admin listener is; other mistakes in it do not matter here.
    static func configured(in config: String, path: String) throws -> HTTPURL {
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
        return HTTPURL(scheme: .http, host: host, port: admin.port, path: path)
    }
}
