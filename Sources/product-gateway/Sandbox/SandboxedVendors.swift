import GatewayConfiguration
import GatewaySandbox
import GatewayTLS
import NIOPosix

/// The vendor stand-ins inside a gateway's process, and how a configuration is turned towards them.
struct SandboxedVendors {
    private let server: SandboxServer
    private let group: MultiThreadedEventLoopGroup
    private let credentials: SandboxCredentials

    var port: Int { self.server.port }

    static func start(certificate: DevelopmentCertificate) async throws -> SandboxedVendors {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let tls = try TLSContext.server(
            certificateChain: certificate.certificate, privateKey: certificate.privateKey)
        let options = SandboxOptions()
        let server = try await SandboxServer.start(group: group, tls: tls, options: options)
        return SandboxedVendors(server: server, group: group, credentials: options.credentials)
    }

    func stop() async throws {
        try await self.server.shutdown()
        try await self.group.shutdownGracefully()
    }

    /// Points every target whose vendor has a stand-in to it, with the stand-in's credentials; the paths of the base
    /// URLs stay, because they belong to the vendor's API. Listens on this machine only.
    ///
    /// - Parameter addsAll: whether every vendor gets a target, for a first look without a configuration.
    func redirect(_ configuration: inout Configuration, addsAll: Bool = false) {
        configuration.listener.host = "127.0.0.1"
        if addsAll { Self.addRecorded(to: &configuration) }
        for (name, target) in configuration.targets {
            let isRecorded = RecordedVendors.names.contains(target.dialect)
            guard let credentials = isRecorded ? .bearer(token: Self.secret("any")) : self.credentials(for: target)
            else { continue }
            var target = target
            // Played from examples, each beneath a path of its own; what stands in their base URLs (a project, a
            // space) is theirs to choose.
            target.baseURL = HTTPURL(
                scheme: .https, host: "localhost", port: self.port,
                path: isRecorded ? "/\(RecordedVendors.prefix)/\(target.dialect)" : target.baseURL.path)
            target.tls.serverName = nil
            target.tls.clientCertificate = nil
            target.tls.clientKey = nil
            target.credentials = credentials
            configuration.targets[name] = target
        }
    }

    /// Adds a target for each vendor that is played from examples, as plain as can be, with the set-up of its example.
    private static func addRecorded(to configuration: inout Configuration) {
        guard let example = configuration.targets["elastic-path"] else { return }
        for name in RecordedVendors.names where configuration.targets[name] == nil {
            var target = example
            target.name = name
            target.dialect = name
            // Plain words, which are JSON in quotes.
            target.parameters = RecordedVendors.parameters(of: name).mapValues {
                JSONText(bytes: Array("\"\($0)\"".utf8))
            }
            configuration.targets[name] = target
        }
    }

    /// `nil` for a dialect of the operator's own: there is no stand-in for it.
    private func credentials(for target: TargetConfiguration) -> Credentials? {
        switch target.dialect {
        case "cor":
            return self.oauth2(
                target, id: self.credentials.corAPIKey, secret: self.credentials.corClientSecret)
                ?? .bearer(token: Self.secret(self.credentials.corToken))
        case "elastic-path":
            return self.oauth2(
                target, id: self.credentials.elasticPathClientID,
                secret: self.credentials.elasticPathClientSecret)
                ?? .bearer(token: Self.secret(self.credentials.elasticPathToken))
        case "softwareone":
            return .bearer(token: Self.secret(self.credentials.softwareOneToken))
        case "catalogue":
            return .bearer(token: Self.secret(self.credentials.catalogueToken))
        default:
            return nil
        }
    }

    /// The configured way of getting tokens, with the stand-in as the vendor.
    private func oauth2(_ target: TargetConfiguration, id: String, secret: String) -> Credentials? {
        guard case .oauth2(var credentials) = target.credentials else { return nil }
        credentials.tokenURL = .absolute(
            HTTPURL(
                scheme: .https, host: "localhost", port: self.port,
                path: credentials.tokenURL.url(on: target.baseURL).path))
        credentials.clientID = Self.secret(id)
        credentials.clientSecret = Self.secret(secret)
        return .oauth2(credentials)
    }

    private static func secret(_ value: String) -> Secret {
        Secret(source: .environment(name: "SANDBOX"), bytes: Array(value.utf8))
    }
}
