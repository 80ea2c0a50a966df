internal import COpenSSL

/// A SHA-256 (FIPS 180-4), as four words: what stands for a token, a key or a certificate where the thing itself is
/// not to be kept.
package struct Digest: Hashable, Sendable {
    let words: (UInt64, UInt64, UInt64, UInt64)

    package static let byteCount = 32

    /// Nil where the library cannot make one, for want of memory.
    package init?(of bytes: UnsafeRawBufferPointer) {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let isDone = withUnsafeMutableBytes(of: &words) { space in
            EVP_Digest(
                bytes.baseAddress, bytes.count, space.baseAddress?.assumingMemoryBound(to: UInt8.self), nil,
                EVP_sha256(), nil) == 1
        }
        guard isDone else {
            ERR_clear_error()
            return nil
        }
        self.words = words
    }

    package init?(of bytes: [UInt8]) {
        guard let digest = bytes.withUnsafeBytes({ Digest(of: $0) }) else { return nil }
        self = digest
    }

    init(words: (UInt64, UInt64, UInt64, UInt64)) {
        self.words = words
    }

    /// The digest with these bytes; nil where they are not 32.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
        self.words = words
    }

    /// The digest that 64 hexadecimal digits spell; nil for anything else.
    package init?(hexadecimal text: String) {
        let digits = text.utf8.map { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
            default: nil
            }
        }
        guard digits.count == 2 * Self.byteCount else { return nil }
        var bytes: [UInt8] = []
        for position in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[position], let low = digits[position + 1] else { return nil }
            bytes.append(high << 4 | low)
        }
        self.init(bytes: bytes)
    }

    package var bytes: [UInt8] { withUnsafeBytes(of: self.words) { Array($0) } }

    /// In lower case.
    package var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: self.bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Zero where both are equal. Takes the same time whatever they are.
    func difference(from other: Digest) -> UInt64 {
        (self.words.0 ^ other.words.0) | (self.words.1 ^ other.words.1)
            | (self.words.2 ^ other.words.2) | (self.words.3 ^ other.words.3)
    }

    package static func == (one: Digest, other: Digest) -> Bool { one.difference(from: other) == 0 }

    /// One word is enough: a digest is as random as anything.
    package func hash(into hasher: inout Hasher) { hasher.combine(self.words.0) }
}
