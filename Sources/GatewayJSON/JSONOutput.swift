/// JSON text being written into the storage of the array that it will be: nothing is copied in the end.
///
/// Expects a size, and has room for it at once; what becomes longer moves to storage that grows by doubling, and is
/// copied once.
@usableFromInline
package struct JSONOutput: ~Copyable, JSONSink {
    @usableFromInline var base: UnsafeMutablePointer<UInt8>
    @usableFromInline package var count = 0
    @usableFromInline var capacity: Int
    /// Whether the storage is this value's own, and no longer the array's.
    private var isOwned = false

    private init(base: UnsafeMutablePointer<UInt8>, capacity: Int) {
        self.base = base
        self.capacity = capacity
    }

    deinit {
        if self.isOwned { self.base.deallocate() }
    }

    /// What `write` writes; nil where it says that it failed.
    package static func array(expecting size: Int, _ write: (inout JSONOutput) -> Bool) -> [UInt8]? {
        var isWritten = false
        var array: [UInt8] = []
        self.append(to: &array, expecting: size) { isWritten = write(&$0) }
        return isWritten ? array : nil
    }

    /// Appends what `write` writes to an array, which gets room for `size` bytes more at once.
    package static func append(
        to array: inout [UInt8], expecting size: Int, _ write: (inout JSONOutput) -> Void
    ) {
        var longer: [UInt8] = []
        // An array that is made with its capacity costs twice as much as one that gets it.
        if array.isEmpty { array.reserveCapacity(max(size, 64)) }
        array.append(addingCapacity: max(size, 64)) { span in
            span.withUnsafeMutableBufferPointer { buffer, count in
                guard let base = buffer.baseAddress else { return }
                var output = JSONOutput(base: base + count, capacity: buffer.count - count)
                write(&output)
                if output.isOwned {
                    longer = [UInt8](UnsafeBufferPointer(start: output.base, count: output.count))
                } else {
                    count += output.count
                }
            }
        }
        if !longer.isEmpty { array += longer }
    }

    /// Puts another byte in the place of one that was written.
    @inlinable @inline(__always)
    package mutating func replace(at index: Int, with byte: UInt8) {
        guard index >= 0, index < self.count else { return }
        self.base[index] = byte
    }

    /// Takes back what was written behind an earlier `count`.
    @inlinable @inline(__always)
    package mutating func truncate(to count: Int) {
        self.count = Swift.max(0, Swift.min(count, self.count))
    }

    @inlinable @inline(__always)
    package mutating func append(_ byte: UInt8) {
        if self.count == self.capacity { self.grow(for: 1) }
        (self.base + self.count).initialize(to: byte)
        self.count &+= 1
    }

    @inlinable @inline(__always)
    package mutating func append(bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        if self.capacity &- self.count < bytes.count { self.grow(for: bytes.count) }
        (self.base + self.count).initialize(from: start, count: bytes.count)
        self.count &+= bytes.count
    }

    @inlinable @inline(__always)
    package mutating func append(word: UInt64, count: Int) {
        if self.capacity &- self.count < 8 { self.grow(for: 8) }
        // What is above `count` is overwritten by what comes next.
        UnsafeMutableRawPointer(self.base + self.count).storeBytes(of: word.littleEndian, as: UInt64.self)
        self.count &+= count
    }

    /// How many bytes `append(fromBlocks:)` reads and writes at once.
    package static let blockSize = 32

    /// The same for a run behind which `blockSize` bytes more can be read, whatever they are: a short run is copied
    /// in one go, together with what is behind it, which the next run overwrites.
    @inlinable @inline(__always)
    package mutating func append(fromBlocks bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count <= 32, self.capacity &- self.count >= 32, let start = bytes.baseAddress else {
            self.append(bytes: bytes)
            return
        }
        typealias Half = SIMD16<UInt8>
        let source = UnsafeRawPointer(start)
        let target = UnsafeMutableRawPointer(self.base + self.count)
        target.storeBytes(of: source.loadUnaligned(as: Half.self), as: Half.self)
        target.storeBytes(
            of: source.loadUnaligned(fromByteOffset: 16, as: Half.self), toByteOffset: 16, as: Half.self)
        self.count &+= bytes.count
    }

    @usableFromInline @inline(never)
    mutating func grow(for more: Int) {
        let capacity = max(self.capacity * 2, self.count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.initialize(from: self.base, count: self.count)
        if self.isOwned { self.base.deallocate() }
        self.base = larger
        self.capacity = capacity
        self.isOwned = true
    }
}
