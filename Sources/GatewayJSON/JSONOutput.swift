/// Storage to write one text after another into; whoever writes much keeps one and allocates only while it grows.
///
/// Grows by doubling. Confined to one thread at a time.
@usableFromInline
package struct JSONOutput: ~Copyable, JSONSink {
    @usableFromInline var base: UnsafeMutablePointer<UInt8>
    @usableFromInline package var count = 0
    @usableFromInline var capacity: Int

    /// Enough for a product of 2 KB with its envelope.
    private static let initialCapacity = 4096
    /// Above this the storage is given back before the next text, so that one huge text does not pin its memory.
    private static let retainedCapacityMax = 1 << 20

    package init() {
        self.capacity = Self.initialCapacity
        self.base = .allocate(capacity: Self.initialCapacity)
    }

    deinit { self.base.deallocate() }

    /// Starts over.
    package mutating func removeAll() {
        self.count = 0
        guard self.capacity > Self.retainedCapacityMax else { return }
        self.base.deallocate()
        self.capacity = Self.initialCapacity
        self.base = .allocate(capacity: Self.initialCapacity)
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

    /// A copy of all that was written, of just that size.
    package func array() -> [UInt8] { [UInt8](UnsafeBufferPointer(start: self.base, count: self.count)) }

    @usableFromInline @inline(never)
    mutating func grow(for more: Int) {
        var capacity = self.capacity
        while capacity &- self.count < more { capacity *= 2 }
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.initialize(from: self.base, count: self.count)
        self.base.deallocate()
        self.base = larger
        self.capacity = capacity
    }
}
