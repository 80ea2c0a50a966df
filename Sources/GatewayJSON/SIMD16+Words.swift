extension SIMD16<UInt8> {
    /// The sixteen bytes as two words, of which the lowest byte is the first. In release builds it is no more than
    /// moving them from a vector's register to two others.
    @inlinable @inline(__always)
    var words: (first: UInt64, second: UInt64) {
        withUnsafeBytes(of: self) { bytes in
            (
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }
}
