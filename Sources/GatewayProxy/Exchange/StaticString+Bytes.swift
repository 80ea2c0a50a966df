import Glibc

extension StaticString {
    /// Whether `bytes` spell this text, byte by byte.
    @inline(__always)
    func spells(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count == self.utf8CodeUnitCount, let start = bytes.baseAddress else { return false }
        return memcmp(start, self.utf8Start, bytes.count) == 0
    }
}
