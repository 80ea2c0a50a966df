internal import COpenSSL

// Resuming sessions, in the client's role (RFC 8446 section 2.2, RFC 5077). Early data is never sent: it can be
// replayed.
extension TLSConnection {
    /// Lets the handshake resume what an earlier connection has left, and keeps what this one will leave.
    ///
    /// - Returns: the session that is offered to the server.
    func resume(from sessions: TLSSessions, _ ssl: OpaquePointer) -> TLSSession? {
        gateway_SSL_set_app_data(ssl, Unmanaged.passUnretained(sessions).toOpaque())
        guard let session = sessions.take() else { return nil }
        // One that the library does not take is simply not offered.
        guard SSL_set_session(ssl, session.pointer) == 1 else {
            ERR_clear_error()
            return nil
        }
        return session
    }
}

/// OpenSSL has got a session from a server: after the handshake over TLS 1.3, within it over TLS 1.2. The result says
/// whether its reference is kept.
func onNewSession(ssl: OpaquePointer?, session: OpaquePointer?) -> Int32 {
    guard let ssl, let session, let data = gateway_SSL_get_app_data(ssl) else { return 0 }
    Unmanaged<TLSSessions>.fromOpaque(data).takeUnretainedValue().keep(TLSSession(owning: session))
    return 1
}
