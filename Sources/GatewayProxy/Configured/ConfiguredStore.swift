package import GatewayConfiguration
package import GatewayDocuments
import GatewayRedis
import GatewayTLS

/// What a configuration says of the store of idempotency keys, with the mistakes that only show then: authorities that
/// cannot be read, a password that is not there.
///
/// Reads files; not for an event loop.
package struct ConfiguredStore: Sendable {
    enum Engine: Sendable {
        case memory
        case file(path: String)
        case redis(RedisSettings)
    }

    /// Every mistake, in the words of the configuration.
    package let diagnostics: [Diagnostic]
    /// Nil where there are mistakes.
    let engine: Engine?
    let bytesPerCaller: Int

    /// - Parameter file: the configuration's path, for messages.
    package init(_ configuration: Configuration, file: String, inputs: ConfigurationInputs) {
        let files = CertificateFiles(file: file, inputs: inputs, diagnostics: Diagnostics())
        self.engine = Self.engine(configuration.store, files)
        self.bytesPerCaller = configuration.idempotency.bytesPerCaller
        self.diagnostics = files.diagnostics.all
    }

    private static func engine(_ store: StoreConfiguration, _ files: CertificateFiles) -> Engine? {
        switch store.engine {
        case .memory:
            return .memory
        case .file:
            return store.path.map { .file(path: $0) }
        case .redis:
            guard let url = store.url else { return nil }
            // Whoever only looks at a configuration may be on a machine without its files.
            let tls = url.isTLS && files.inputs.secrets != .ignored ? self.tls(store, files) : nil
            if url.isTLS, tls == nil { return nil }
            return .redis(
                RedisSettings(
                    host: url.host, port: url.port, tls: tls, user: store.user,
                    password: store.password?.reveal(), database: store.database))
        }
    }

    private static func tls(_ store: StoreConfiguration, _ files: CertificateFiles) -> TLSContext? {
        let path = DocumentPath.root.appending("store").appending("caFile")
        var authorities: [UInt8]?
        if let file = store.caFile {
            guard let text = files.authorities(file, at: path) else { return nil }
            authorities = text
        }
        do throws(TLSError) {
            return try .client(authorities: authorities, applicationProtocols: [])
        } catch {
            files.report(.error, path, "\(error)")
            return nil
        }
    }
}
