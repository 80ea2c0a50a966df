/// A run of bytes in a plan's pool.
struct PooledBytes {
    var offset: Int32 = 0
    var count: Int32 = 0

    var isEmpty: Bool { self.count == 0 }
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

extension FrozenBuffer where Element == UInt8 {
    @inline(__always)
    func view(_ range: PooledBytes) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: self.base + Int(range.offset), count: Int(range.count))
    }
}
