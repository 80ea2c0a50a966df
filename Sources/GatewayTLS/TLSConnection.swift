internal import COpenSSL
package import NIOCore
import Synchronization

/// One TLS connection without a socket: ciphertext and plaintext in, plaintext and ciphertext out.
///
/// Owns an `SSL`. Performs no I/O: `TLSHandler` carries the bytes. Confined to one event loop. Every function that
/// takes an `SSL *` is called in `TLSConnection*.swift` and nowhere else, and every one that does TLS I/O through
/// `perform`, which empties the thread's error queue first: connections share that queue, and `SSL_get_error` is
/// unreliable while another connection's error stands in it (SSL_get_error(3)).
package final class TLSConnection {
    /// What came of one step.
    package enum Result: Equatable {
        /// The step is done.
        case complete
        /// More bytes from the peer are needed first.
        case needsInput
        /// The peer has closed its side properly (`close_notify`).
        case closedByPeer
        /// The connection is of no more use.
        case failed(TLSError)
    }

    private let ssl: OpaquePointer  // SSL *
    private let transport: TransportBIO
    private let context: TLSContext
    /// Where a client's sessions come from and go to; outlives the `SSL`, which points to it.
    private let sessions: TLSSessions?
    private var offeredSession: TLSSession?
    private var hasFailed = false
    /// A server's side does nothing before its client's first record is whole: OpenSSL takes 33 KiB with the first step
    /// of a handshake, and a client that stays silent would hold them.
    private(set) var hasBegun: Bool

    /// - Parameter serverName: for a client: the name or address the server's certificate must be for. A name is
    ///   also sent as SNI (RFC 6066 section 3), an address is not.
    /// - Parameter sessions: for a client: those of the same server and context, to resume one and to keep what the
    ///   server sends; nil begins from nothing.
    package init(
        context: TLSContext, serverName: String? = nil, sessions: TLSSessions? = nil
    ) throws(TLSError) {
        let ssl = try context.makeConnectionPointer()
        guard let transport = TransportBIO() else {
            SSL_free(ssl)
            throw .librarySetUpFailed(.drained())
        }
        self.ssl = ssl
        self.transport = transport
        self.context = context
        self.sessions = sessions
        self.hasBegun = context.role == .client
        transport.attach(to: ssl)
        TLSConnection.liveCounter.wrappingAdd(1, ordering: .relaxed)
        switch context.role {
        case .server:
            SSL_set_accept_state(ssl)
        case .client:
            SSL_set_connect_state(ssl)
            if let serverName { try self.expect(serverName: serverName) }
            if let sessions { self.offeredSession = self.resume(from: sessions, ssl) }
        }
    }

    deinit {
        // Otherwise OpenSSL takes an end without a close_notify for an attack and declares the session unfit, as
        // TLS 1.0 wanted it; since TLS 1.1 it may be resumed (RFC 4346 section 7.2.1).
        if !self.hasFailed { SSL_set_shutdown(self.ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN) }
        SSL_free(self.ssl)
        TLSConnection.liveCounter.wrappingSubtract(1, ordering: .relaxed)
    }

    private func expect(serverName: String) throws(TLSError) {
        if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(self.ssl), serverName) == 1 { return }
        ERR_clear_error()
        // Names stand in the subject's alternative names only (RFC 9525 section 2).
        SSL_set_hostflags(
            self.ssl,
            UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
        guard SSL_set1_host(self.ssl, serverName) == 1,
            gateway_SSL_set_tlsext_host_name(self.ssl, serverName) == 1
        else {
            throw .librarySetUpFailed(.drained())
        }
    }

    /// Hands over bytes from the peer; `handshake` and `read` take them from here.
    package func receive(_ ciphertext: ByteBuffer) {
        if self.hasBegun {
            self.transport.receive(ciphertext)
        } else {
            self.transport.hold(ciphertext)
        }
    }

    /// The bytes to send to the peer, if any; the caller must send all of them.
    package func takeOutput() -> ByteBuffer? {
        self.transport.takeOutput()
    }

    /// Goes on with the handshake.
    package func handshake() -> Result {
        guard self.hasBegun || self.transport.hasFirstRecord else { return .needsInput }
        self.hasBegun = true
        let code = self.perform { SSL_do_handshake($0) }
        guard code == 1 else { return self.result(of: code, duringHandshake: true) }
        // A session of TLS 1.2 that the server has taken is good for the next connection as well; one that it has not
        // taken, or that was in use when a handshake failed, is gone.
        if let session = self.offeredSession, self.isResumed, !session.isForOneUse { self.sessions?.keep(session) }
        self.offeredSession = nil
        return .complete
    }

    /// Whether the handshake resumed an earlier session: no certificate was sent, and none was verified, again.
    package var isResumed: Bool { SSL_session_reused(self.ssl) == 1 }

    /// Whether this is a server that asks its clients for certificates.
    var asksForCertificates: Bool { self.context.asksForCertificates }

    /// The certificate that the peer has shown, as it stands in the handshake (DER); nil where it has shown none. Of a
    /// resumed session: that of the first handshake.
    package var peerCertificate: [UInt8]? {
        guard let certificate = SSL_get1_peer_certificate(self.ssl) else { return nil }
        defer { X509_free(certificate) }
        let length = i2d_X509(certificate, nil)
        guard length > 0 else { return nil }
        return [UInt8](unsafeUninitializedCapacity: Int(length)) { space, count in
            var next = space.baseAddress
            count = max(0, Int(i2d_X509(certificate, &next)))
        }
    }

    /// Appends plaintext to `buffer` until there is no more or `buffer` has grown by `maximum` bytes.
    ///
    /// `.complete` means that `maximum` was reached and there may be more.
    package func read(into buffer: inout ByteBuffer, maximum: Int) -> Result {
        var total = 0
        while total < maximum {
            var code: Int32 = 0
            // One TLS record holds at most 16 KiB (RFC 8446 section 5.1), and SSL_read returns at most one.
            let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 16 * 1024) { space in
                code = self.perform {
                    SSL_read($0, space.baseAddress, Int32(clamping: space.count))
                }
                return max(0, Int(code))
            }
            guard count > 0 else { return self.result(of: code, duringHandshake: false) }
            total += count
        }
        return .complete
    }

    /// Encrypts `plaintext` into the output.
    package func write(_ plaintext: UnsafeRawBufferPointer) -> Result {
        guard plaintext.count > 0 else { return .complete }
        self.transport.reserveOutput(plaintext: plaintext.count)
        let code = self.perform {
            SSL_write($0, plaintext.baseAddress, Int32(clamping: plaintext.count))
        }
        return code > 0 ? .complete : self.result(of: code, duringHandshake: false)
    }

    /// Puts a `close_notify` into the output, if the connection still can.
    package func shutdown() {
        // After a fatal error SSL_shutdown must not be called (SSL_shutdown(3)).
        guard !self.hasFailed, SSL_is_init_finished(self.ssl) == 1 else { return }
        _ = self.perform { SSL_shutdown($0) }
        ERR_clear_error()
    }

    /// Changes our keys and asks the peer to change its own (RFC 8446 section 4.6.3), as hostile peers do on and on.
    func renewKeysForTesting() -> Result {
        guard SSL_key_update(self.ssl, SSL_KEY_UPDATE_REQUESTED) == 1 else {
            return .failed(.librarySetUpFailed(.drained()))
        }
        let code = self.perform { SSL_do_handshake($0) }
        return code == 1 ? .complete : self.result(of: code, duringHandshake: false)
    }

    /// What ALPN agreed on; `nil` before the handshake is over and where the peer does not use ALPN.
    package var applicationProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        SSL_get0_alpn_selected(self.ssl, &name, &length)
        guard let name, length > 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
    }

    /// `TLSv1.3` or `TLSv1.2`, for logs.
    package var version: String {
        SSL_get_version(self.ssl).map { String(cString: $0) } ?? "unknown"
    }

    private func perform(_ call: (OpaquePointer) -> Int32) -> Int32 {
        ERR_clear_error()
        return call(self.ssl)
    }

    private func result(of code: Int32, duringHandshake: Bool) -> Result {
        switch SSL_get_error(self.ssl, code) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE:
            return .needsInput
        case SSL_ERROR_ZERO_RETURN:
            return .closedByPeer
        default:
            self.hasFailed = true
            let errors = OpenSSLErrors.drained()
            guard duringHandshake else { return .failed(.connectionFailed(errors)) }
            let verification = SSL_get_verify_result(self.ssl)
            if self.context.role == .client, verification != Int(X509_V_OK) {
                let reason = X509_verify_cert_error_string(verification).map { String(cString: $0) }
                return .failed(.peerNotTrusted(reason: reason ?? "verification error \(verification)"))
            }
            if errors.reasons.contains(where: { $0.contains("no application protocol") }) {
                return .failed(.noCommonProtocol)
            }
            return .failed(.handshakeFailed(errors))
        }
    }

    /// How many connections exist in the process: zero when nothing leaks.
    package static var liveCount: Int { self.liveCounter.load(ordering: .relaxed) }
    private static let liveCounter = Atomic<Int>(0)
}
