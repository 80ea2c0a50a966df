internal import COpenSSL
import Glibc

/// Reads when a certificate ends (RFC 5280 section 4.1.2.5).
enum CertificateExpiry {
    /// Unix time; nil where the field cannot be read.
    ///
    /// - Parameter certificate: an `X509 *`, borrowed.
    static func epochSeconds(of certificate: OpaquePointer) -> Int? {
        var parts = tm()
        guard let notAfter = X509_get0_notAfter(certificate), ASN1_TIME_to_tm(notAfter, &parts) == 1
        else {
            ERR_clear_error()
            return nil
        }
        return timegm(&parts)
    }
}
