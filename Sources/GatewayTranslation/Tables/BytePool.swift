/// A run of bytes in a plan's pool.
struct PooledBytes: BitwiseCopyable {
    var offset: Int32 = 0
    var count: Int32 = 0

    var isEmpty: Bool { self.count == 0 }

    /// Without its first byte, where `isShortened`.
    @inline(__always)
    func withoutFirst(_ isShortened: Bool) -> PooledBytes {
        let less: Int32 = isShortened ? 1 : 0
        return PooledBytes(offset: self.offset &+ less, count: self.count &- less)
    }
}

/// Collects the constant bytes of a plan into one block.
struct BytePoolBuilder {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ content: some Collection<UInt8>) -> PooledBytes {
        let range = PooledBytes(offset: Int32(self.bytes.count), count: Int32(content.count))
        self.bytes.append(contentsOf: content)
        return range
    }
}

extension UnsafePointer<UInt8> {
    /// A run of a pool that starts here.
    @inline(__always)
    func view(_ range: PooledBytes) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: self + Int(range.offset), count: Int(range.count))
    }
}

extension FrozenBuffer where Element == UInt8 {
    @inline(__always)
    func view(_ range: PooledBytes) -> UnsafeBufferPointer<UInt8> { self.base.view(range) }
}
