internal import COpenSSL
import Glibc

/// Whose a certificate is, and from when to when it is good (RFC 5280 section 4.1.2.5).
/// Says nothing of who has signed it.
package struct CertificateValidity: Sendable, Equatable {
    /// The subject's distinguished name in ASCII, such as `/C=DE/CN=gateway.example`.
    package let subject: String
    /// Unix time of the first second.
    package let notBeforeEpochSeconds: Int
    /// Unix time of the last second.
    package let notAfterEpochSeconds: Int

    package init(subject: String, notBeforeEpochSeconds: Int, notAfterEpochSeconds: Int) {
        self.subject = subject
        self.notBeforeEpochSeconds = notBeforeEpochSeconds
        self.notAfterEpochSeconds = notAfterEpochSeconds
    }

    /// The certificates of a PEM text in their order, up to the first that OpenSSL cannot read.
    package static func read(_ text: [UInt8]) -> [CertificateValidity] {
        var certificates = PEMCertificates(text)
        var validities: [CertificateValidity] = []
        while let certificate = certificates.next() {
            defer { X509_free(certificate) }
            guard let validity = CertificateValidity(certificate) else { break }
            validities.append(validity)
        }
        ERR_clear_error()
        return validities
    }

    /// Nil where a field cannot be read.
    ///
    /// - Parameter certificate: an `X509 *`, borrowed.
    init?(_ certificate: OpaquePointer) {
        guard let notBefore = Self.epochSeconds(of: X509_get0_notBefore(certificate)),
            let notAfter = Self.epochSeconds(of: X509_get0_notAfter(certificate))
        else { return nil }
        // A name that is longer than a line is cut off.
        var name = [CChar](repeating: 0, count: 256)
        guard X509_NAME_oneline(X509_get_subject_name(certificate), &name, Int32(name.count)) != nil else {
            ERR_clear_error()
            return nil
        }
        self.subject = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.notBeforeEpochSeconds = notBefore
        self.notAfterEpochSeconds = notAfter
    }

    private static func epochSeconds(of time: UnsafePointer<ASN1_TIME>?) -> Int? {
        var parts = tm()
        guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else {
            ERR_clear_error()
            return nil
        }
        return timegm(&parts)
    }
}
