internal import COpenSSL

/// A key that a caller shows as a whole: `pgw_`, 32 random bytes and a checksum, all of it printable.
///
/// The prefix and the checksum are for those who look for keys where none should be: a scanner can tell one from a
/// random text without asking anybody. Only its SHA-256 is kept: for 256 random bits a fast digest is as good as a slow
/// one.
package struct APIKey: Sendable {
    package static let prefix = "pgw_"
    private static let randomBytes = 32
    /// Of 32 bytes in Base64.
    private static let randomCharacters = 43
    private static let checksumCharacters = 6

    /// What is shown, and has to be kept secret.
    package let text: String

    /// A new key; nil where the system has no random numbers.
    package static func make() -> APIKey? {
        var bytes = [UInt8](repeating: 0, count: Self.randomBytes)
        guard RAND_bytes(&bytes, Int32(bytes.count)) == 1 else {
            ERR_clear_error()
            return nil
        }
        return APIKey(random: bytes)
    }

    /// - Parameter random: 32 bytes.
    init(random: [UInt8]) {
        let body = Array(Self.prefix.utf8) + Base64URL.encode(random)
        self.text = String(decoding: body + Self.checksum(of: body), as: UTF8.self)
    }

    /// What the configuration keeps of it.
    package var digest: Digest? { Digest(of: Array(self.text.utf8)) }

    /// Whether a text has the form of such a key, and its checksum.
    package static func isWellFormed(_ text: some Collection<UInt8>) -> Bool {
        let bytes = Array(text)
        let bodyLength = Self.prefix.utf8.count + Self.randomCharacters
        guard bytes.count == bodyLength + Self.checksumCharacters, bytes.starts(with: Self.prefix.utf8),
            Base64URL.decode(bytes[Self.prefix.utf8.count..<bodyLength]) != nil
        else { return false }
        return Array(bytes[bodyLength...]) == Self.checksum(of: Array(bytes[..<bodyLength]))
    }

    /// CRC-32 as Ethernet has it (IEEE 802.3), in Base64.
    private static func checksum(of bytes: [UInt8]) -> [UInt8] {
        var register: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            register ^= UInt32(byte)
            for _ in 0..<8 { register = register & 1 == 1 ? register >> 1 ^ 0xEDB8_8320 : register >> 1 }
        }
        return withUnsafeBytes(of: (~register).bigEndian) { Base64URL.encode($0) }
    }
}
