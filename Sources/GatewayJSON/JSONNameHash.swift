/// Hashes decoded member names with a seed that is drawn once for each process.
///
/// Without the seed a caller could choose thousands of names that collide, and make the search for
/// duplicates quadratic. Not a cryptographic hash; equal hashes are always confirmed by comparing bytes.
@usableFromInline
package enum JSONNameHash {
    /// Drawn when first used. Never leaves the process.
    package static let seed = UInt64.random(in: .min ... .max)

    /// The hash of `count` bytes. Reads exactly those.
    @inlinable
    package static func hash(_ bytes: UnsafePointer<UInt8>, count: Int, seed: UInt64) -> UInt32 {
        let raw = UnsafeRawPointer(bytes)
        var state = seed ^ (UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15)
        var index = 0
        while count &- index >= 8 {
            state = self.mix(state ^ raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index &+= 8
        }
        let rest = count &- index
        if rest >= 4 {
            let low = raw.loadUnaligned(fromByteOffset: index, as: UInt32.self)
            let high = raw.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
            state = self.mix(state ^ (UInt64(low) | UInt64(high) << 32))
        } else if rest > 0 {
            let tail =
                UInt64(bytes[index]) | UInt64(bytes[index &+ (rest >> 1)]) << 8
                | UInt64(bytes[count &- 1]) << 16
            state = self.mix(state ^ tail)
        }
        state = self.mix(state)
        return UInt32(truncatingIfNeeded: state ^ (state >> 32))
    }

    /// Multiplies to 128 bits and folds, as wyhash does: every input bit reaches every output bit.
    @inlinable
    static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        return product.high ^ product.low ^ 0xE703_7ED1_A0B4_28DB
    }
}
