internal import COpenSSL

/// Makes SHA-256 digests (FIPS 180-4) of one text after another, without looking the algorithm up each time.
///
/// Owns an OpenSSL context; confined to one thread at a time.
package final class SHA256Digester {
    private let algorithm: OpaquePointer
    private let context: OpaquePointer

    package init() throws(TLSError) {
        guard let algorithm = EVP_MD_fetch(nil, "SHA256", nil) else { throw .librarySetUpFailed(.drained()) }
        guard let context = EVP_MD_CTX_new() else {
            EVP_MD_free(algorithm)
            throw .librarySetUpFailed(.drained())
        }
        self.algorithm = algorithm
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(self.context)
        EVP_MD_free(self.algorithm)
    }

    /// The digest as four words, the most significant first; nil where OpenSSL fails.
    package func digest(of bytes: [UInt8]) -> (UInt64, UInt64, UInt64, UInt64)? {
        bytes.withUnsafeBytes { self.digest(of: $0) }
    }

    package func digest(of bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64, UInt64, UInt64)? {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let isDone = withUnsafeMutableBytes(of: &words) { output in
            var count: UInt32 = 0
            return EVP_DigestInit_ex2(self.context, self.algorithm, nil) == 1
                && EVP_DigestUpdate(self.context, bytes.baseAddress, bytes.count) == 1
                && EVP_DigestFinal_ex(self.context, output.assumingMemoryBound(to: UInt8.self).baseAddress, &count) == 1
                && Int(count) == output.count
        }
        guard isDone else {
            _ = OpenSSLErrors.drained()
            return nil
        }
        return (
            UInt64(bigEndian: words.0), UInt64(bigEndian: words.1), UInt64(bigEndian: words.2),
            UInt64(bigEndian: words.3)
        )
    }
}
