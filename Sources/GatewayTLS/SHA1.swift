internal import COpenSSL

/// SHA-1 (FIPS 180-4) where a protocol names things by it: Redis its scripts. Protects nothing.
package enum SHA1 {
    /// In hexadecimal digits; nil where this OpenSSL has none.
    package static func hexadecimal(of bytes: [UInt8]) -> String? {
        var digest = [UInt8](repeating: 0, count: 20)
        guard EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha1(), nil) == 1 else {
            _ = OpenSSLErrors.drained()
            return nil
        }
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
