internal import COpenSSL

/// A self-signed certificate for `localhost`, made in memory: for the sandbox and for tests, never for production.
package struct DevelopmentCertificate: Sendable {
    /// The certificate, PEM: also the authority to trust for it.
    package let certificate: [UInt8]
    /// Its private key, PEM, unencrypted.
    package let privateKey: [UInt8]

    /// Makes a P-256 key and a certificate for `localhost`, `127.0.0.1` and `::1`, valid from an hour ago.
    ///
    /// - Parameter days: how long it is valid; the default is short on purpose.
    package init(days: Int = 30) throws(TLSError) {
        ERR_clear_error()
        guard let key = gateway_EVP_EC_gen("P-256") else { throw .librarySetUpFailed(.drained()) }
        defer { EVP_PKEY_free(key) }
        guard let certificate = X509_new() else { throw .librarySetUpFailed(.drained()) }
        defer { X509_free(certificate) }

        let serial = Int64.random(in: 1...Int64.max)
        let hour = 3600
        guard X509_set_version(certificate, 2) == 1,  // 2 says version 3 (RFC 5280 section 4.1.2.1)
            ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate), serial) == 1,
            X509_gmtime_adj(X509_getm_notBefore(certificate), -hour) != nil,
            X509_gmtime_adj(X509_getm_notAfter(certificate), days * 24 * hour) != nil,
            X509_set_pubkey(certificate, key) == 1,
            let name = X509_get_subject_name(certificate),
            X509_NAME_add_entry_by_txt(
                name, "CN", MBSTRING_ASC, "product-gateway development", -1, -1, 0) == 1,
            X509_set_issuer_name(certificate, name) == 1,
            Self.add(NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1", to: certificate),
            Self.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0", to: certificate),
            X509_sign(certificate, key, EVP_sha256()) > 0
        else {
            throw .librarySetUpFailed(.drained())
        }
        self.certificate = try Self.pem { PEM_write_bio_X509($0, certificate) }
        self.privateKey = try Self.pem {
            PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil)
        }
    }

    private static func add(_ kind: Int32, _ value: String, to certificate: OpaquePointer) -> Bool {
        guard let field = X509V3_EXT_conf_nid(nil, nil, kind, value) else { return false }
        defer { X509_EXTENSION_free(field) }
        return X509_add_ext(certificate, field, -1) == 1
    }

    private static func pem(_ write: (OpaquePointer) -> Int32) throws(TLSError) -> [UInt8] {
        guard let bio = BIO_new(BIO_s_mem()) else { throw .librarySetUpFailed(.drained()) }
        defer { BIO_free(bio) }
        var text: UnsafeMutablePointer<CChar>?
        guard write(bio) == 1 else { throw .librarySetUpFailed(.drained()) }
        let length = gateway_BIO_get_mem_data(bio, &text)
        guard let text, length > 0 else { throw .librarySetUpFailed(.drained()) }
        return Array(UnsafeRawBufferPointer(start: text, count: length))
    }
}
