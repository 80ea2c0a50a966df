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
    /// For the admin listener, likewise.
    let adminContext: TLSContext?

    /// - Parameters:
    ///   - file: the configuration's path, for messages.
    ///   - certificate: shown instead of the configured one: for a gateway with stand-ins.
    package init(
        _ configuration: Configuration, file: String, inputs: ConfigurationInputs,
        certificate: DevelopmentCertificate? = nil
    ) {
        let files = CertificateFiles(file: file, inputs: inputs, diagnostics: Diagnostics())
        let root = DocumentPath.root
        self.context = configuration.listener.tls.flatMap {
            Self.context($0, files, certificate, at: root.appending("listener").appending("tls"), ["h2", "http/1.1"])
        }
        self.adminContext = configuration.admin.tls.flatMap {
            Self.context($0, files, nil, at: root.appending("admin").appending("tls"), ["http/1.1"])
        }
        self.diagnostics = files.diagnostics.all
    }

    private static func context(
        _ tls: ListenerTLSConfiguration, _ files: CertificateFiles, _ certificate: DevelopmentCertificate?,
        at path: DocumentPath, _ protocols: [String]
    ) -> TLSContext? {
        var identity = certificate.map { ($0.certificate, $0.privateKey) }
        if identity == nil {
            guard files.inputs.secrets != .ignored else { return nil }
            // Without it nobody who verifies gets in: nothing works.
            identity = files.identity(
                certificate: tls.certificate, at: path.appending("certificate"), privateKey: tls.privateKey,
                at: path.appending("privateKey"), verifier: "every caller", expired: .error)
        }
        guard let (chain, key) = identity else { return nil }
        var callers: CallerCertificates?
        if let asked = tls.callers {
            guard let certificates = Self.callers(asked, files, at: path.appending("callers")) else { return nil }
            callers = certificates
        }
        do throws(TLSError) {
            return try .server(
                certificateChain: chain, privateKey: key, applicationProtocols: protocols,
                minimumVersion: tls.minimumVersion == .tls13 ? .tls13 : .tls12, callers: callers)
        } catch {
            files.report(.error, path, "\(error)")
            return nil
        }
    }

    private static func callers(
        _ asked: ListenerCallersConfiguration, _ files: CertificateFiles, at path: DocumentPath
    ) -> CallerCertificates? {
        guard files.inputs.secrets != .ignored,
            let authorities = files.read(asked.authorities, at: path.appending("authorities"))
        else { return nil }
        let lists = asked.revocationLists.enumerated().map { index, list in
            files.read(list, at: path.appending("revocationLists").appending(index: index))
        }
        guard lists.allSatisfy({ $0 != nil }) else { return nil }
        return CallerCertificates(
            authorities: authorities, areRequired: asked.mode == .require, revocationLists: lists.compactMap(\.self))
    }
}
