internal import COpenSSL

/// Makes digests one after the other, with what one needs set aside once. Confined to one thread.
package final class Digester {
    private let context: OpaquePointer?  // EVP_MD_CTX *
    private let algorithm: OpaquePointer?  // EVP_MD *

    package init() {
        self.context = EVP_MD_CTX_new()
        // Fetched once: looking an algorithm up costs as much as a digest of a token.
        self.algorithm = EVP_MD_fetch(nil, "SHA256", nil)
    }

    deinit {
        EVP_MD_CTX_free(self.context)
        EVP_MD_free(self.algorithm)
    }

    /// Nil where the library cannot make one, for want of memory.
    package func digest(_ bytes: UnsafeRawBufferPointer) -> Digest? {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let isDone = withUnsafeMutableBytes(of: &words) { space in
            EVP_DigestInit_ex2(self.context, self.algorithm, nil) == 1
                && EVP_DigestUpdate(self.context, bytes.baseAddress, bytes.count) == 1
                && EVP_DigestFinal_ex(
                    self.context, space.baseAddress?.assumingMemoryBound(to: UInt8.self), nil) == 1
        }
        guard isDone, self.context != nil, self.algorithm != nil else {
            ERR_clear_error()
            return nil
        }
        return Digest(words: words)
    }
}
