/// Bytes that are written one after another into memory that is kept for the next text. Confined to one thread at a
/// time.
///
/// Whoever writes has made room before: nothing is checked in a release build.
final class CanonicalText {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    private static let initialCapacity = 4096
    /// Above this the memory is given back, so that one huge body does not pin it.
    private static let keptBytesMax = 256 * 1024
    /// What a length takes at most.
    static let lengthBytesMax = 5

    init() {
        self.start = .allocate(capacity: Self.initialCapacity)
        self.capacity = Self.initialCapacity
    }

    deinit {
        self.start.deallocate()
    }

    func removeAll() {
        self.count = 0
        guard self.capacity > Self.keptBytesMax else { return }
        self.start.deallocate()
        self.start = .allocate(capacity: Self.initialCapacity)
        self.capacity = Self.initialCapacity
    }

    /// Makes room for so many bytes more.
    func reserve(_ more: Int) {
        guard self.capacity &- self.count < more else { return }
        let capacity = max(self.count + more, 2 * self.capacity)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: self.start, count: self.count)
        self.start.deallocate()
        self.start = larger
        self.capacity = capacity
    }

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: self.start, count: self.count) }

    func bytes(from index: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: self.start + index, count: self.count &- index)
    }

    @inline(__always)
    func append(_ byte: UInt8) {
        assert(self.count < self.capacity)
        self.start[self.count] = byte
        self.count &+= 1
    }

    /// Takes one byte for lengths below 255, so that there is less to be digested.
    @inline(__always)
    func append(length: Int) {
        guard length >= 0xFF else { return self.append(UInt8(truncatingIfNeeded: length)) }
        self.append(0xFF)
        self.append(UInt8(truncatingIfNeeded: length >> 24))
        self.append(UInt8(truncatingIfNeeded: length >> 16))
        self.append(UInt8(truncatingIfNeeded: length >> 8))
        self.append(UInt8(truncatingIfNeeded: length))
    }

    /// Without a length.
    @inline(__always)
    func append(bytes: UnsafeBufferPointer<UInt8>) {
        guard let base = bytes.baseAddress else { return }
        assert(self.count + bytes.count <= self.capacity)
        (self.start + self.count).update(from: base, count: bytes.count)
        self.count &+= bytes.count
    }

    /// With its length; makes room.
    func append(text: some Collection<UInt8>) {
        let isDone: Void? = text.withContiguousStorageIfAvailable { bytes in
            self.reserve(bytes.count + Self.lengthBytesMax)
            self.append(length: bytes.count)
            self.append(bytes: bytes)
        }
        guard isDone == nil else { return }
        self.reserve(text.count + Self.lengthBytesMax)
        self.append(length: text.count)
        for byte in text { self.append(byte) }
    }

    /// What `write` writes, which has `countMax` bytes at most, with its length.
    @inline(__always)
    func append(countMax: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Int) {
        assert(self.count + countMax + Self.lengthBytesMax <= self.capacity)
        // Its length is known when it has been written.
        let place = self.start + self.count
        let count = write(place + Self.lengthBytesMax)
        self.append(length: count)
        let written = self.start + self.count
        written.update(from: place + Self.lengthBytesMax, count: count)
        self.count &+= count
    }
}
