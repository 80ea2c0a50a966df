package import GatewayConfiguration
package import GatewayDocuments
package import GatewayTLS

/// Makes the TLS context of the listener that a configuration describes, and finds the mistakes that only show then: a
/// key that is not the certificate's, a certificate that has ended.
///
/// Reads files; not for an event loop.
package struct ConfiguredListener: Sendable {
    /// Every mistake, in the words of the configuration.
    package let diagnostics: [Diagnostic]
    /// Nil where callers are not encrypted, or where there are mistakes or files that are yet to come.
    let context: TLSContext?

    /// - Parameters:
    ///   - file: the configuration's path, for messages.
    ///   - certificate: shown instead of the configured one: for a gateway with stand-ins.
    package init(
        _ configuration: Configuration, file: String, inputs: ConfigurationInputs,
        certificate: DevelopmentCertificate? = nil
    ) {
        let files = CertificateFiles(file: file, inputs: inputs, diagnostics: Diagnostics())
        self.context = configuration.listener.tls.flatMap { Self.context($0, files, certificate) }
        self.diagnostics = files.diagnostics.all
    }

    private static func context(
        _ tls: ListenerTLSConfiguration, _ files: CertificateFiles, _ certificate: DevelopmentCertificate?
    ) -> TLSContext? {
        let path = DocumentPath.root.appending("listener").appending("tls")
        var identity = certificate.map { ($0.certificate, $0.privateKey) }
        if identity == nil {
            guard files.inputs.secrets != .ignored else { return nil }
            // Without it nobody who verifies gets in: nothing works.
            identity = files.identity(
                certificate: tls.certificate, at: path.appending("certificate"), privateKey: tls.privateKey,
                at: path.appending("privateKey"), verifier: "every caller", expired: .error)
        }
        guard let (chain, key) = identity else { return nil }
        do throws(TLSError) {
            return try .server(
                certificateChain: chain, privateKey: key, applicationProtocols: ["h2", "http/1.1"],
                minimumVersion: tls.minimumVersion == .tls13 ? .tls13 : .tls12)
        } catch {
            files.report(.error, path, "\(error)")
            return nil
        }
    }
}
