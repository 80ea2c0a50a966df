import GatewayIdentity

/// The certificate that the caller at the other end of a connection has shown, and whose it is.
///
/// Looked at once for each connection and configuration. Confined to its event loop.
final class ShownCertificate {
    let certificate: PeerCertificate
    private var known: (directory: CallerDirectory, identity: Identity?)?

    init(_ certificate: PeerCertificate) {
        self.certificate = certificate
    }

    /// Whose it is in this configuration; nil for nobody's.
    func identity(in directory: CallerDirectory) -> Identity? {
        if let known = self.known, known.directory === directory { return known.identity }
        let identity = directory.identity(of: self.certificate)
        self.known = (directory, identity)
        return identity
    }

    /// Whether it has ended (RFC 5280 section 4.1.2.5: the last second belongs to it).
    func isOver(nowEpochSeconds now: Int) -> Bool { now > self.certificate.notAfterEpochSeconds }
}
