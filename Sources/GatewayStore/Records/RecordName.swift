/// 256 bits, as SHA-256 gives them: four words instead of an array, so that a table of records hashes and compares
/// without touching the heap.
package struct Digest256: Hashable, Sendable {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// The first 32 bytes of `bytes`; what is missing counts as zero.
    package init(_ bytes: some Collection<UInt8>) {
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, byte) in bytes.prefix(32).enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
        (self.first, self.second, self.third, self.fourth) = (words[0], words[1], words[2], words[3])
    }

    package init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        (self.first, self.second, self.third, self.fourth) = (first, second, third, fourth)
    }

    /// The first 64 bits: what people see of it.
    package var firstWord: UInt64 { self.first }

    /// 64 digits, in lower case.
    package var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: self.bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// As SHA-256 writes them: 32 bytes, the most significant first.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for word in [self.first, self.second, self.third, self.fourth] {
            withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }
}

/// Names one record: whose it is, and which.
package struct RecordName: Hashable, Sendable {
    /// The caller's name in the configuration; empty where callers are not told apart. Bytes are counted for each.
    package let scope: String
    /// Of the scope and the idempotency key together. The key itself is not kept: it is the caller's, and may say more
    /// than a log or a backup should hold.
    package let digest: Digest256

    package init(scope: String, digest: Digest256) {
        self.scope = scope
        self.digest = digest
    }
}
