/// Why something about TLS could not be done.
///
/// Every case is a statement a person can act on; `description` is made for logs and terminals and holds no key
/// material. Peers cause `handshakeFailed`, `peerNotTrusted` and `connectionFailed`; the rest come from the
/// configuration.
package enum TLSError: Error, Equatable, CustomStringConvertible {
    /// The PEM text holds no certificate that OpenSSL can read.
    case certificateUnreadable(OpenSSLErrors)
    /// The PEM text holds no private key that OpenSSL can read; encrypted keys are not supported.
    case privateKeyUnreadable(OpenSSLErrors)
    /// The private key does not belong to the certificate.
    case privateKeyDoesNotMatch(OpenSSLErrors)
    /// The certificate authorities could not be loaded.
    case authoritiesUnreadable(OpenSSLErrors)
    /// A revocation list could not be loaded.
    case revocationListUnreadable(OpenSSLErrors)
    /// OpenSSL refused to make or to set up one of its own objects.
    case librarySetUpFailed(OpenSSLErrors)
    /// The peer's certificate was refused: not signed by a known authority, expired, or for another name.
    case peerNotTrusted(reason: String)
    /// The handshake ended without a connection.
    case handshakeFailed(OpenSSLErrors)
    /// The peer and we have no application protocol in common (RFC 7301).
    case noCommonProtocol
    /// An established connection broke: a bad record, or an alert from the peer.
    case connectionFailed(OpenSSLErrors)
    /// The peer closed the transport before the handshake was over.
    case closedDuringHandshake

    package var description: String {
        switch self {
        case .certificateUnreadable(let errors): "the certificate cannot be read: \(errors)"
        case .privateKeyUnreadable(let errors): "the private key cannot be read: \(errors)"
        case .privateKeyDoesNotMatch(let errors):
            "the private key does not belong to the certificate: \(errors)"
        case .authoritiesUnreadable(let errors):
            "the certificate authorities cannot be read: \(errors)"
        case .revocationListUnreadable(let errors): "a revocation list cannot be read: \(errors)"
        case .librarySetUpFailed(let errors): "OpenSSL could not be set up: \(errors)"
        case .peerNotTrusted(let reason): "the peer's certificate is not trusted: \(reason)"
        case .handshakeFailed(let errors): "the TLS handshake failed: \(errors)"
        case .noCommonProtocol: "no application protocol in common (ALPN)"
        case .connectionFailed(let errors): "the TLS connection broke: \(errors)"
        case .closedDuringHandshake: "the connection was closed during the TLS handshake"
        }
    }
}
