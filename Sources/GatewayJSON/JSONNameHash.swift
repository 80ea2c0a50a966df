/// Hashes decoded member names with a seed that is drawn once for each process.
///
/// Without the seed a caller could choose thousands of names that collide, and make the search for
/// duplicates quadratic. Not a cryptographic hash; equal hashes are always confirmed by comparing bytes.
@usableFromInline
package enum JSONNameHash {
    /// Two words, so that neither factor of the multiplication can be chosen by whoever chooses the names.
    @frozen @usableFromInline
    package struct Seed: Sendable {
        @usableFromInline let first: UInt64
        @usableFromInline let second: UInt64
    }

    /// Drawn when first used. Never leaves the process.
    package static let seed = Seed(first: .random(in: .min ... .max), second: .random(in: .min ... .max))

    /// The hash of `count` bytes. Reads exactly those.
    package static func hash(_ bytes: UnsafePointer<UInt8>, count: Int, seed: Seed) -> UInt32 {
        let raw = UnsafeRawPointer(bytes)
        var state = seed.second
        var index = 0
        while count &- index >= 16 {
            state = self.folded(
                (self.word(raw + index) ^ seed.first).multipliedFullWidth(by: self.word(raw + (index &+ 8)) ^ state))
            index &+= 16
        }
        let last = self.words(raw + index, count: count &- index)
        return self.hash(last.first, last.second, count: count, seed: Seed(first: seed.first, second: state))
    }

    /// The hash of fewer than 16 bytes, which come as two words: the first byte is the lowest, and all that are too
    /// many are 0.
    @inlinable @inline(__always)
    static func hash(_ first: UInt64, _ second: UInt64, count: Int, seed: Seed) -> UInt32 {
        let multiplier = second ^ seed.second ^ UInt64(truncatingIfNeeded: count)
        let hash = self.folded((first ^ seed.first).multipliedFullWidth(by: multiplier))
        return UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
    }

    /// Folds 128 bits, as wyhash does: every bit of the factors reaches every bit.
    @inlinable @inline(__always)
    static func folded(_ product: (high: UInt64, low: UInt64.Magnitude)) -> UInt64 { product.high ^ product.low }

    private static func word(_ raw: UnsafeRawPointer) -> UInt64 {
        UInt64(littleEndian: raw.loadUnaligned(as: UInt64.self))
    }

    /// Fewer than 16 bytes as two words.
    private static func words(_ raw: UnsafeRawPointer, count: Int) -> (first: UInt64, second: UInt64) {
        if count >= 8 {
            return (self.word(raw), self.word(raw + (count &- 8)) >> UInt64(8 &* (16 &- count)))
        }
        if count >= 4 {
            let low = UInt64(UInt32(littleEndian: raw.loadUnaligned(as: UInt32.self)))
            let high = UInt64(UInt32(littleEndian: (raw + (count &- 4)).loadUnaligned(as: UInt32.self)))
            return (low | high << UInt64(8 &* (count &- 4)), 0)
        }
        var first: UInt64 = 0
        for index in 0..<max(0, count) {
            first |= UInt64(raw.load(fromByteOffset: index, as: UInt8.self)) << UInt64(8 &* index)
        }
        return (first, 0)
    }
}
