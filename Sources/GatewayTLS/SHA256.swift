internal import COpenSSL

/// Digests (FIPS 180-4), where bytes are to be told apart and not to be kept.
package enum SHA256 {
    private static let length = 32
    /// RFC 4648 section 4: four characters for three bytes, with padding, and what OpenSSL ends it with.
    private static let base64Bytes = 45

    /// The digest of one text, in Base64; nil where the library fails.
    package static func base64(of text: [UInt8]) -> String? {
        var digest = [UInt8](repeating: 0, count: self.length)
        guard EVP_Digest(text, text.count, &digest, nil, EVP_sha256(), nil) == 1 else { return nil }
        var encoded = [UInt8](repeating: 0, count: self.base64Bytes)
        let count = EVP_EncodeBlock(&encoded, digest, Int32(digest.count))
        return count > 0 ? String(decoding: encoded.prefix(Int(count)), as: UTF8.self) : nil
    }

    /// The digest of several texts, each with its length, so that no two lists of texts have the same.
    static func digest(of texts: [[UInt8]]) throws(TLSError) -> [UInt8] {
        var bytes: [UInt8] = []
        // At once, so that no half of a key is left behind by growing.
        bytes.reserveCapacity(texts.reduce(0) { $0 + $1.count + 8 })
        for text in texts {
            withUnsafeBytes(of: UInt64(text.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: text)
        }
        var digest = [UInt8](repeating: 0, count: Self.length)
        let isDone = EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil) == 1
        // A private key may have been among them.
        bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
        guard isDone else { throw .librarySetUpFailed(.drained()) }
        return digest
    }
}
