internal import COpenSSL

/// A key that session tickets are sealed with (RFC 5077 section 4): a name that stands in the ticket, AES-256 and
/// HMAC-SHA-256. Overwritten when the last reference goes.
final class TicketKey: @unchecked Sendable {
    /// Bytes of the name, as OpenSSL's tickets have it.
    static let nameLength = 16
    private static let cipherKeyLength = 32
    private static let macKeyLength = 32
    private static let length = nameLength + cipherKeyLength + macKeyLength

    /// Written once, in `init`.
    private let bytes: UnsafeMutableRawPointer
    /// When it was made, in seconds of the clock of its `TicketKeys`.
    let birth: UInt64

    /// A new key out of OpenSSL's random numbers; nil when there are none.
    init?(birth: UInt64) {
        self.birth = birth
        self.bytes = .allocate(byteCount: Self.length, alignment: 16)
        guard RAND_bytes(self.bytes.assumingMemoryBound(to: UInt8.self), Int32(Self.length)) == 1 else {
            return nil
        }
    }

    deinit {
        OPENSSL_cleanse(self.bytes, Self.length)
        self.bytes.deallocate()
    }

    /// Its name, which is no secret. Valid as long as the key.
    var nameBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: self.bytes, count: Self.nameLength) }

    func isNamed(_ name: UnsafeRawBufferPointer) -> Bool { name.elementsEqual(self.nameBytes) }

    /// Prepares OpenSSL to seal a ticket, and writes its name and its initialisation vector.
    func seal(
        _ cipher: OpaquePointer, _ mac: OpaquePointer,
        name: UnsafeMutablePointer<UInt8>, vector: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        UnsafeMutableRawPointer(name).copyMemory(from: self.bytes, byteCount: Self.nameLength)
        return RAND_bytes(vector, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) == 1
            && EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nil, self.cipherKey, vector) == 1
            && self.prepare(mac)
    }

    /// Prepares OpenSSL to open a ticket that was sealed with this key.
    func open(_ cipher: OpaquePointer, _ mac: OpaquePointer, vector: UnsafePointer<UInt8>) -> Bool {
        EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nil, self.cipherKey, vector) == 1 && self.prepare(mac)
    }

    private var cipherKey: UnsafePointer<UInt8> {
        UnsafePointer((self.bytes + Self.nameLength).assumingMemoryBound(to: UInt8.self))
    }

    private func prepare(_ mac: OpaquePointer) -> Bool {
        gateway_EVP_MAC_CTX_set_hmac_sha256_key(
            mac, self.bytes + Self.nameLength + Self.cipherKeyLength, Self.macKeyLength) == 1
    }
}
