internal import COpenSSL
import Glibc

/// Who a certificate is for, as far as callers are told apart by it: the URIs and DNS names in its subject's
/// alternative names (RFC 5280 section 4.2.1.6). The subject itself is not looked at.
///
/// Says nothing of who has signed it: that is the TLS handshake's to find out, or that of a trusted proxy.
package struct PeerCertificate: Sendable, Equatable {
    package let digest: Digest
    package let uris: [String]
    /// In lower case.
    package let dnsNames: [String]
    /// Unix time of the last second.
    package let notAfterEpochSeconds: Int

    /// Names that are looked at; a certificate of a caller has one or a few.
    private static let namesMax: Int32 = 100
    /// The longest in use are SPIFFE ids, of at most 2048 bytes (SPIFFE-ID section 2.3).
    private static let nameBytesMax = 2048
    /// Certificates have one or two KiB; post-quantum ones some more.
    package static let bytesMax = 64 * 1024

    /// Nil for bytes that are no certificate, or not one alone.
    ///
    /// - Parameter der: as it stands in a handshake.
    package init?(der: [UInt8]) {
        guard !der.isEmpty, der.count <= Self.bytesMax, let digest = Digest(of: der) else { return nil }
        defer { ERR_clear_error() }
        let (certificate, used) = der.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            let certificate = d2i_X509(nil, &next, bytes.count)
            return (certificate, next.flatMap { next in bytes.baseAddress.map { next - $0 } } ?? 0)
        }
        guard let certificate else { return nil }
        defer { X509_free(certificate) }
        var parts = tm()
        guard used == der.count, ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) == 1 else { return nil }
        self.digest = digest
        self.notAfterEpochSeconds = timegm(&parts)
        var uris: [String] = []
        var dnsNames: [String] = []
        if let names = gateway_X509_get_alternative_names(certificate) {
            defer { GENERAL_NAMES_free(names) }
            for position in 0..<min(gateway_GENERAL_NAMES_count(names), Self.namesMax) {
                var (bytes, count): (UnsafePointer<UInt8>?, Int32) = (nil, 0)
                let kind = gateway_GENERAL_NAMES_text(names, position, &bytes, &count)
                guard kind > 0, let bytes, (1...Self.nameBytesMax).contains(Int(count)) else { continue }
                let text = UnsafeBufferPointer(start: bytes, count: Int(count))
                // Printable ASCII only (RFC 5280): a name with a NUL in it is another to somebody else.
                guard text.allSatisfy({ (0x21...0x7E).contains($0) }) else { continue }
                let name = String(decoding: text, as: UTF8.self)
                if kind == 1 { uris.append(name) } else { dnsNames.append(name.lowercased()) }
            }
        }
        self.uris = uris
        self.dnsNames = dnsNames
    }

    /// The first certificate of a PEM text.
    package init?(pem: [UInt8]) {
        defer { ERR_clear_error() }
        guard let bio = BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else { return nil }
        defer { BIO_free(bio) }
        guard let certificate = PEM_read_bio_X509(bio, nil, { _, _, _, _ in -1 }, nil) else { return nil }
        defer { X509_free(certificate) }
        let length = i2d_X509(certificate, nil)
        guard length > 0 else { return nil }
        let der = [UInt8](unsafeUninitializedCapacity: Int(length)) { space, count in
            var next = space.baseAddress
            count = max(0, Int(i2d_X509(certificate, &next)))
        }
        self.init(der: der)
    }

    /// Its SPIFFE id; nil where it has none. A certificate with more than one URI has none (X509-SVID section 5.1).
    package var uri: String? { self.uris.count == 1 ? self.uris[0] : nil }
}
