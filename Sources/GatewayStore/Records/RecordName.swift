/// 256 bits, as SHA-256 gives them: four words instead of an array, so that a table of records hashes and compares
/// without touching the heap.
package struct Digest256: Hashable, Sendable {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// The first 32 bytes of `bytes`; what is missing counts as zero.
    package init(_ bytes: some Collection<UInt8>) {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { words in
            for (index, byte) in bytes.prefix(words.count).enumerated() { words[index] = byte }
        }
        self.init(
            UInt64(bigEndian: words.0), UInt64(bigEndian: words.1), UInt64(bigEndian: words.2),
            UInt64(bigEndian: words.3))
    }

    package init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        (self.first, self.second, self.third, self.fourth) = (first, second, third, fourth)
    }

    /// The first 64 bits: what people see of it.
    package var firstWord: UInt64 { self.first }

    /// Digits that `appendHexadecimal` appends.
    package static let digitCount = 64

    /// 64 digits, in lower case.
    package var hexadecimal: String {
        var digits: [UInt8] = []
        digits.reserveCapacity(Self.digitCount)
        self.appendHexadecimal(to: &digits)
        return String(decoding: digits, as: UTF8.self)
    }

    package func appendHexadecimal(to digits: inout [UInt8]) {
        let words = (self.first.bigEndian, self.second.bigEndian, self.third.bigEndian, self.fourth.bigEndian)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.digitCount) { written in
            withUnsafeBytes(of: words) { bytes in
                for (index, byte) in bytes.enumerated() {
                    written[2 &* index] = Self.digit(byte >> 4)
                    written[2 &* index &+ 1] = Self.digit(byte & 0xF)
                }
            }
            digits.append(contentsOf: written)
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &- 10 &+ value
    }

    /// As SHA-256 writes them: 32 bytes, the most significant first.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        self.append(to: &bytes)
        return bytes
    }

    package func append(to bytes: inout [UInt8]) {
        bytes.append(bigEndian: self.first)
        bytes.append(bigEndian: self.second)
        bytes.append(bigEndian: self.third)
        bytes.append(bigEndian: self.fourth)
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

    package static func == (one: RecordName, other: RecordName) -> Bool {
        one.digest == other.digest && one.scope == other.scope
    }

    /// The digest has been hashed by the best hash there is: one word of it is as good as all.
    package func hash(into hasher: inout Hasher) { hasher.combine(self.digest.firstWord) }
}
