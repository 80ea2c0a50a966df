internal import COpenSSL

// Certificates of clients, in the server's role (RFC 8446 section 4.3.2).
extension TLSContext {
    /// Asks clients for certificates, and verifies what they show: who has signed it, when it is good, that it is for
    /// clients, and that it has not been revoked.
    func ask(for callers: CallerCertificates) throws(TLSError) {
        try self.trust(authorities: callers.authorities)
        var authorities = PEMCertificates(callers.authorities)
        while let authority = authorities.next() {
            defer { X509_free(authority) }
            // Clients with several certificates choose by these names.
            guard SSL_CTX_add_client_CA(self.context, authority) == 1 else { throw .librarySetUpFailed(.drained()) }
        }
        ERR_clear_error()
        try self.revoke(callers.revocationLists)
        let mode = SSL_VERIFY_PEER | (callers.areRequired ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0)
        SSL_CTX_set_verify(self.context, mode, nil)
        // Without it OpenSSL resumes no session with a certificate: one is good for contexts of the same kind only.
        let identifier = Array(self.fingerprint.prefix(Int(SSL_MAX_SSL_SESSION_ID_LENGTH)))
        guard
            SSL_CTX_set_session_id_context(self.context, identifier, UInt32(identifier.count)) == 1,
            SSL_CTX_set_session_ticket_cb(self.context, nil, onTicketOpened, nil) == 1
        else { throw .librarySetUpFailed(.drained()) }
    }

    private func revoke(_ lists: [[UInt8]]) throws(TLSError) {
        guard !lists.isEmpty else { return }
        guard let store = SSL_CTX_get_cert_store(self.context) else { throw .librarySetUpFailed(.drained()) }
        for text in lists {
            ERR_clear_error()
            var count = 0
            let isRead = text.withUnsafeBytes { bytes in
                guard let bio = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else { return false }
                defer { BIO_free(bio) }
                while let list = PEM_read_bio_X509_CRL(bio, nil, nil, nil) {
                    defer { X509_CRL_free(list) }
                    guard X509_STORE_add_crl(store, list) == 1 else { return false }
                    count += 1
                }
                return true
            }
            guard isRead, count > 0 else { throw .revocationListUnreadable(.drained()) }
            ERR_clear_error()
        }
        X509_STORE_set_flags(store, UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL))
    }
}

/// A ticket has been opened: the certificate in its session is verified as in the first handshake, because it may have
/// ended or been revoked since. Where that fails, or an intermediate would be needed that the ticket does not hold, the
/// client goes through a whole handshake.
private func onTicketOpened(
    ssl: OpaquePointer?, session: OpaquePointer?, name: UnsafePointer<UInt8>?, nameLength: Int,
    status: SSL_TICKET_STATUS, argument: UnsafeMutableRawPointer?
) -> SSL_TICKET_RETURN {
    switch status {
    case SSL_TICKET_SUCCESS, SSL_TICKET_SUCCESS_RENEW: break
    case SSL_TICKET_NO_DECRYPT: return SSL_TICKET_RETURN_IGNORE_RENEW
    default: return SSL_TICKET_RETURN_IGNORE
    }
    let take = status == SSL_TICKET_SUCCESS ? SSL_TICKET_RETURN_USE : SSL_TICKET_RETURN_USE_RENEW
    guard let ssl, let session else { return SSL_TICKET_RETURN_IGNORE_RENEW }
    guard let certificate = SSL_SESSION_get0_peer(session) else { return take }
    defer { ERR_clear_error() }
    guard let store = SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl)), let verification = X509_STORE_CTX_new() else {
        return SSL_TICKET_RETURN_IGNORE_RENEW
    }
    defer { X509_STORE_CTX_free(verification) }
    guard X509_STORE_CTX_init(verification, store, certificate, nil) == 1,
        X509_STORE_CTX_set_default(verification, "ssl_client") == 1, X509_verify_cert(verification) == 1
    else { return SSL_TICKET_RETURN_IGNORE_RENEW }
    return take
}
