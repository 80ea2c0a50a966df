import GatewayIdentity

/// Which certificate counts for a request, where a proxy may tell of one.
enum ToldCertificate {
    /// The connection's own: its peer is nobody who tells of others.
    case notTold
    /// The peer tells of its callers' certificates, and of none for this one. Its own is the proxy's, and proves
    /// nothing of the caller.
    case none
    case told(PeerCertificate)
    /// The peer tells of something that is no certificate, or of two.
    case malformed
}
