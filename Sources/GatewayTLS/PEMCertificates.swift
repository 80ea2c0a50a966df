internal import COpenSSL

/// The certificates of a PEM text, one after the other; each result is owned by the caller.
struct PEMCertificates: ~Copyable {
    private let bio: OpaquePointer?
    private let text: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: [UInt8]) {
        // The memory BIO reads where the text is, so the text must stay put as long as the BIO.
        self.text = .allocate(capacity: bytes.count)
        _ = self.text.initialize(from: bytes)
        ERR_clear_error()
        self.bio = BIO_new_mem_buf(self.text.baseAddress, Int32(clamping: bytes.count))
    }

    deinit {
        BIO_free(self.bio)
        self.text.deallocate()
    }

    /// After `next` has given none: whether that was the end of the text, and not a certificate that cannot be read.
    var isAtEnd: Bool {
        let code = ERR_peek_last_error()
        return gateway_ERR_GET_LIB(code) == ERR_LIB_PEM
            && gateway_ERR_GET_REASON(code) == PEM_R_NO_START_LINE
    }

    mutating func next() -> OpaquePointer? {
        PEM_read_bio_X509(self.bio, nil, { _, _, _, _ in -1 }, nil)
    }
}
