internal import COpenSSL
import Glibc
import NIOCore

/// One TLS configuration, shared by all its connections: an `SSL_CTX`, owned.
///
/// Immutable once made. OpenSSL counts references to an `SSL_CTX` atomically and only reads it in `SSL_new`, so a
/// context may be used from every event loop at once. Every function that takes an `SSL_CTX *` is called in
/// `TLSContext*.swift` and nowhere else.
package final class TLSContext: @unchecked Sendable {
    /// The least TLS version a connection may have.
    package enum MinimumVersion: String, Sendable, CaseIterable {
        case tls12 = "1.2"
        case tls13 = "1.3"
    }

    /// Which side of a connection the context is for.
    enum Role { case server, client }

    let role: Role
    let context: OpaquePointer  // SSL_CTX *
    /// The protocols we speak, in our order of preference, as ALPN writes them (RFC 7301 section 3.1).
    private let applicationProtocols: ApplicationProtocols
    /// What a server's tickets are sealed with; a client has none.
    private let ticketKeys: TicketKeys?
    /// Tells contexts apart: the SHA-256 of all that one was made of, but not of the system's authorities where those
    /// are trusted (`systemAuthorityPaths`). Contexts that are equal in it can stand in for each other, but for the
    /// keys of a server's tickets.
    package private(set) var fingerprint: [UInt8] = []
    /// When the first certificate of the own chain ends, in Unix time; nil for a client that shows none. Set while the
    /// context is made.
    package private(set) var notAfterEpochSeconds: Int?
    /// Of a server: whether clients are asked for certificates. Set while the context is made.
    package private(set) var asksForCertificates = false

    private init(
        role: Role, minimumVersion: MinimumVersion, applicationProtocols: [String], ticketKeys: TicketKeys? = nil
    ) throws(TLSError) {
        ERR_clear_error()
        guard let context = SSL_CTX_new(role == .server ? TLS_server_method() : TLS_client_method())
        else {
            throw .librarySetUpFailed(.drained())
        }
        self.role = role
        self.context = context
        self.applicationProtocols = ApplicationProtocols(applicationProtocols)
        self.ticketKeys = ticketKeys

        let version = minimumVersion == .tls12 ? TLS1_2_VERSION : TLS1_3_VERSION
        guard gateway_SSL_CTX_set_min_proto_version(context, version) == 1,
            // RFC 9113 section 9.2.2 forbids every TLS 1.2 suite without forward secrecy and AEAD.
            SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1
        else {
            throw .librarySetUpFailed(.drained())
        }
        gateway_SSL_CTX_set_http2_options(context)
        // Idle connections give their 16 KB record buffers back; a partial write is a complete call for us, because
        // the output buffer takes everything.
        _ = gateway_SSL_CTX_set_mode(context, Int(SSL_MODE_RELEASE_BUFFERS))
        // One read callback for as many records as have arrived, instead of two for each.
        _ = gateway_SSL_CTX_set_read_ahead(context, 1)
        // Two records of the largest size: of less room the second would fill a part, and be moved to its start for the
        // rest.
        SSL_CTX_set_default_read_buffer_len(context, 2 * Self.recordBytesMax)
    }

    /// Of a record as it is sent: RFC 5246 section 6.2.3 allows most, 2 KB beyond the text, of which OpenSSL takes 320
    /// bytes where nothing is compressed; and the header.
    private static let recordBytesMax = 16 * 1024 + 320 + 5

    deinit {
        SSL_CTX_free(self.context)
    }

    /// A server's context from PEM texts.
    ///
    /// - Parameters:
    ///   - certificateChain: the server's certificate, then its intermediates, in PEM.
    ///   - privateKey: the unencrypted private key, in PEM.
    ///   - applicationProtocols: what ALPN may agree on, preferred first. A client that offers ALPN but none of
    ///     these gets the `no_application_protocol` alert (RFC 7301 section 3.2).
    ///   - callers: whose certificates clients may show; nil: they are not asked for one.
    ///   - clock: seconds that never go back, from any fixed start: what the keys of tickets go by (`TicketKeys`).
    package static func server(
        certificateChain: [UInt8],
        privateKey: [UInt8],
        applicationProtocols: [String] = ["h2"],
        minimumVersion: MinimumVersion = .tls12,
        callers: CallerCertificates? = nil,
        clock: @escaping @Sendable () -> UInt64 = { NIODeadline.now().uptimeNanoseconds / 1_000_000_000 }
    ) throws(TLSError) -> TLSContext {
        let ticketKeys = TicketKeys(clock: clock)
        let context = try TLSContext(
            role: .server, minimumVersion: minimumVersion, applicationProtocols: applicationProtocols,
            ticketKeys: ticketKeys)
        try context.use(certificateChain: certificateChain, privateKey: privateKey)
        context.fingerprint = try SHA256.digest(
            of: [
                certificateChain, privateKey, Array(minimumVersion.rawValue.utf8),
                context.applicationProtocols.wireFormat,
            ] + (callers?.parts ?? []))
        if let callers {
            try context.ask(for: callers)
            context.asksForCertificates = true
        }
        // Tickets only (RFC 8446 section 2.2, RFC 5077): the state is with the caller, under a key of this context, so
        // that every worker can resume what another began, and nothing is stored here for callers that never return.
        _ = gateway_SSL_CTX_set_session_cache_mode(context.context, Int(SSL_SESS_CACHE_OFF))
        SSL_CTX_set_timeout(context.context, Int(TicketKeys.ticketLifetime))
        guard
            gateway_SSL_CTX_set_app_data(
                context.context, Unmanaged.passUnretained(ticketKeys).toOpaque()) == 1,
            SSL_CTX_set_tlsext_ticket_key_evp_cb(context.context, onTicket) == 1
        else {
            throw .librarySetUpFailed(.drained())
        }
        SSL_CTX_set_alpn_select_cb(
            context.context, onApplicationProtocolOffer,
            Unmanaged.passUnretained(context.applicationProtocols).toOpaque())
        return context
    }

    /// A client's context that verifies the server's certificate and name, always.
    ///
    /// - Parameters:
    ///   - authorities: PEM text of the authorities to trust; `nil` trusts the system's.
    ///   - identity: a certificate of our own with its key, in PEM, for servers that ask for one.
    ///   - applicationProtocols: what ALPN offers, preferred first.
    package static func client(
        authorities: [UInt8]? = nil,
        identity: (certificateChain: [UInt8], privateKey: [UInt8])? = nil,
        applicationProtocols: [String] = ["h2"],
        minimumVersion: MinimumVersion = .tls12
    ) throws(TLSError) -> TLSContext {
        let context = try TLSContext(
            role: .client, minimumVersion: minimumVersion, applicationProtocols: applicationProtocols)
        if let identity {
            try context.use(
                certificateChain: identity.certificateChain, privateKey: identity.privateKey)
        }
        context.fingerprint = try SHA256.digest(
            of: [
                // No authorities at all are others than the system's.
                authorities.map { [1] + $0 } ?? [0], identity?.certificateChain ?? [], identity?.privateKey ?? [],
                Array(minimumVersion.rawValue.utf8), context.applicationProtocols.wireFormat,
            ])
        SSL_CTX_set_verify(context.context, SSL_VERIFY_PEER, nil)
        if let authorities {
            try context.trust(authorities: authorities)
        } else {
            guard SSL_CTX_set_default_verify_paths(context.context) == 1 else {
                throw .authoritiesUnreadable(.drained())
            }
        }
        // What servers leave for the next connection goes to the connection's own `TLSSessions`.
        _ = gateway_SSL_CTX_set_session_cache_mode(
            context.context, Int(SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL))
        SSL_CTX_sess_set_new_cb(context.context, onNewSession)
        let offer = context.applicationProtocols.wireFormat
        guard SSL_CTX_set_alpn_protos(context.context, offer, UInt32(offer.count)) == 0 else {
            throw .librarySetUpFailed(.drained())
        }
        return context
    }

    /// Where the system's authorities are: a file and folders. A context reads the file when it is made, and the
    /// folders when it looks for an authority.
    package static var systemAuthorityPaths: [String] {
        func path(_ variable: UnsafePointer<CChar>?, _ standard: UnsafePointer<CChar>?) -> String? {
            (variable.flatMap { getenv($0) }.map { UnsafePointer($0) } ?? standard).map { String(cString: $0) }
        }
        let file = path(X509_get_default_cert_file_env(), X509_get_default_cert_file())
        let folders = path(X509_get_default_cert_dir_env(), X509_get_default_cert_dir())
        return [file].compactMap(\.self) + (folders?.split(separator: ":").map(String.init) ?? [])
    }

    /// A new, unconnected `SSL *` for `TLSConnection`, which owns it.
    func makeConnectionPointer() throws(TLSError) -> OpaquePointer {
        ERR_clear_error()
        guard let ssl = SSL_new(self.context) else {
            throw .librarySetUpFailed(.drained())
        }
        return ssl
    }

    private func use(certificateChain: [UInt8], privateKey: [UInt8]) throws(TLSError) {
        var certificates = PEMCertificates(certificateChain)
        guard let leaf = certificates.next() else {
            throw .certificateUnreadable(.drained())
        }
        defer { X509_free(leaf) }
        self.note(certificate: leaf)
        guard SSL_CTX_use_certificate(self.context, leaf) == 1 else {
            throw .certificateUnreadable(.drained())
        }
        while let intermediate = certificates.next() {
            defer { X509_free(intermediate) }
            self.note(certificate: intermediate)
            guard gateway_SSL_CTX_add1_chain_cert(self.context, intermediate) == 1 else {
                throw .certificateUnreadable(.drained())
            }
        }
        guard certificates.isAtEnd else { throw .certificateUnreadable(.drained()) }
        ERR_clear_error()
        let privateKeyPointer = privateKey.withUnsafeBytes { text -> OpaquePointer? in
            guard let bio = BIO_new_mem_buf(text.baseAddress, Int32(clamping: text.count)) else {
                return nil
            }
            defer { BIO_free(bio) }
            // The callback refuses a passphrase: without it OpenSSL would ask on the terminal.
            return PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil)
        }
        guard let key = privateKeyPointer else { throw .privateKeyUnreadable(.drained()) }
        defer { EVP_PKEY_free(key) }
        guard SSL_CTX_use_PrivateKey(self.context, key) == 1,
            SSL_CTX_check_private_key(self.context) == 1
        else {
            throw .privateKeyDoesNotMatch(.drained())
        }
    }

    private func note(certificate: OpaquePointer) {
        guard let seconds = CertificateValidity(certificate)?.notAfterEpochSeconds else { return }
        self.notAfterEpochSeconds = min(seconds, self.notAfterEpochSeconds ?? seconds)
    }

    func trust(authorities: [UInt8]) throws(TLSError) {
        guard let store = SSL_CTX_get_cert_store(self.context) else {
            throw .librarySetUpFailed(.drained())
        }
        var certificates = PEMCertificates(authorities)
        var count = 0
        while let authority = certificates.next() {
            defer { X509_free(authority) }
            guard X509_STORE_add_cert(store, authority) == 1 else {
                throw .authoritiesUnreadable(.drained())
            }
            count += 1
        }
        guard certificates.isAtEnd else { throw .authoritiesUnreadable(.drained()) }
        ERR_clear_error()
        guard count > 0 else {
            throw .authoritiesUnreadable(OpenSSLErrors(reasons: ["no certificate in the file"]))
        }
    }
}

/// The protocols a context agrees to, preferred first.
private final class ApplicationProtocols: Sendable {
    let names: [[UInt8]]

    init(_ names: [String]) {
        self.names = names.map { Array($0.utf8) }
    }

    /// ALPN's wire format: a length byte before each name (RFC 7301 section 3.1).
    var wireFormat: [UInt8] {
        self.names.flatMap { [UInt8(clamping: $0.count)] + $0 }
    }

    /// Where in the offer the first of our protocols stands.
    func firstRange(in offer: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        for name in self.names {
            var index = 0
            while index < offer.count {
                let start = index + 1
                let end = start + Int(offer[index])
                guard end <= offer.count else { break }
                if offer[start..<end].elementsEqual(name) { return start..<end }
                index = end
            }
        }
        return nil
    }
}

/// Chooses the first of our protocols that the client offers; OpenSSL copies the choice out of the offer.
private func onApplicationProtocolOffer(
    _: OpaquePointer?,
    chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    chosenLength: UnsafeMutablePointer<UInt8>?,
    offered: UnsafePointer<UInt8>?,
    offeredLength: UInt32,
    argument: UnsafeMutableRawPointer?
) -> Int32 {
    guard let argument, let chosen, let chosenLength, let offered else {
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }
    let ours = Unmanaged<ApplicationProtocols>.fromOpaque(argument).takeUnretainedValue()
    let offer = UnsafeBufferPointer(start: offered, count: Int(offeredLength))
    guard let range = ours.firstRange(in: offer) else { return SSL_TLSEXT_ERR_ALERT_FATAL }
    chosen.pointee = offered + range.lowerBound
    chosenLength.pointee = UInt8(range.count)
    return SSL_TLSEXT_ERR_OK
}
