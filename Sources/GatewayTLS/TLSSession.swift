internal import COpenSSL

/// What a connection has left behind, so that another to the same server need not begin from nothing: an
/// `SSL_SESSION`, owned. Holds keys: never written anywhere.
///
/// OpenSSL counts references to an `SSL_SESSION` atomically and does not change one that no connection uses, so it may
/// be kept by one event loop and used by another. Functions that take an `SSL_SESSION *` are called here and in
/// `TLSConnection+Sessions.swift`.
final class TLSSession: @unchecked Sendable {
    let pointer: OpaquePointer  // SSL_SESSION *

    /// - Parameter pointer: its one reference becomes ours.
    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        SSL_SESSION_free(self.pointer)
    }

    /// RFC 8446 section 2.2 says that it may be resumed at all: a server may have sent no ticket.
    var isResumable: Bool { SSL_SESSION_is_resumable(self.pointer) == 1 }

    /// A ticket of TLS 1.3 is used once, or whoever watches could tell that two connections are the same client's
    /// (RFC 8446 appendix C.4).
    var isForOneUse: Bool { SSL_SESSION_get_protocol_version(self.pointer) >= TLS1_3_VERSION }
}
