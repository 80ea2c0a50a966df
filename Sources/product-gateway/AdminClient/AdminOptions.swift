import ArgumentParser
import GatewayConfiguration
import GatewayTLS

/// How a command shows an admin listener that is guarded who it is, and knows it again: options of all commands that
/// ask one, each with an environment variable in its place, because an image's health check has no arguments of its
/// own.
///
/// There is no option for the key itself: arguments are for everybody on the machine to see.
struct AdminOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file with the key of an admin listener that wants one; or PRODUCT_GATEWAY_ADMIN_KEY is the key.",
            valueName: "file"))
    var adminKeyFile: String?

    @Option(
        help: ArgumentHelp(
            """
            Trust these certificate authorities (PEM) for an admin listener with TLS, instead of the system's; or \
            PRODUCT_GATEWAY_ADMIN_CA_FILE.
            """,
            valueName: "file"))
    var adminCaFile: String?

    @Option(
        help: ArgumentHelp(
            "The client certificate (PEM) for an admin listener that asks; or PRODUCT_GATEWAY_ADMIN_CERTIFICATE.",
            valueName: "file"))
    var adminCertificate: String?

    @Option(
        help: ArgumentHelp(
            "The key of the client certificate (PEM); or PRODUCT_GATEWAY_ADMIN_PRIVATE_KEY.", valueName: "file"))
    var adminPrivateKey: String?

    @Option(
        help: ArgumentHelp(
            """
            The name in the admin listener's certificate, where it is not the one in the URL; or \
            PRODUCT_GATEWAY_ADMIN_SERVER_NAME.
            """,
            valueName: "name"))
    var adminServerName: String?

    /// What stands in the place of an option.
    enum Variable: String {
        case key = "PRODUCT_GATEWAY_ADMIN_KEY"
        case authorities = "PRODUCT_GATEWAY_ADMIN_CA_FILE"
        case certificate = "PRODUCT_GATEWAY_ADMIN_CERTIFICATE"
        case privateKey = "PRODUCT_GATEWAY_ADMIN_PRIVATE_KEY"
        case serverName = "PRODUCT_GATEWAY_ADMIN_SERVER_NAME"
    }

    /// Reads what the options name.
    ///
    /// - Parameter environment: of this process; a parameter for tests.
    func endpoint(
        _ address: AdminAddress, environment: [String: String] = ProcessEnvironment.variables
    ) throws -> AdminEndpoint {
        func given(_ option: String?, _ variable: Variable) -> String? {
            option ?? environment[variable.rawValue].flatMap { $0.isEmpty ? nil : $0 }
        }
        let key = try self.key(environment[Variable.key.rawValue])
        guard address.url.scheme == .https else {
            guard key == nil || HTTPURL.isLoopback(host: address.url.host) else {
                throw ValidationError("a key is not sent to another machine without TLS: use an https URL")
            }
            return AdminEndpoint(url: address.url, key: key, tls: nil, serverName: "")
        }
        let context = try ClientContext.make(
            authorities: given(self.adminCaFile, .authorities),
            certificate: given(self.adminCertificate, .certificate),
            privateKey: given(self.adminPrivateKey, .privateKey), applicationProtocol: "http/1.1")
        let name = given(self.adminServerName, .serverName) ?? address.serverName ?? address.url.host
        return AdminEndpoint(url: address.url, key: key, tls: context, serverName: name)
    }

    private func key(_ variable: String?) throws -> String? {
        var text = variable ?? ""
        if let file = self.adminKeyFile {
            text = String(decoding: try InputDocument.read(file, what: "the key"), as: UTF8.self)
        }
        while text.last?.isNewline == true { text.removeLast() }
        guard !text.isEmpty else {
            if let file = self.adminKeyFile { throw ValidationError("\(file) has no key in it") }
            return nil
        }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ValidationError("the key is not one line of visible characters")
        }
        return text
    }
}
