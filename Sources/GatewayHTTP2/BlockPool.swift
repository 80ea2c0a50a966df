internal import CNghttp2
import Glibc

/// Memory for libnghttp2 (its `nghttp2_mem`), kept for the next request instead of given back to the system.
///
/// Every stream brings the same dozen small blocks, which live as long as it; taking them from a list and putting them
/// back costs a third of the instructions that the system's allocator takes. Blocks larger than `blockBytesMax` go
/// straight to the system. One for each event loop, and confined to it: a session is made, used and freed there.
final class BlockPool {
    /// In front of each block, as large as the strictest alignment, so that what follows keeps it.
    private struct Header {
        /// Of the list that the block returns to; `large` is in none.
        var sizeClass: Int
        /// Of the block and this header, as the system gave them.
        var bytes: Int

        static let large = -1
        static let length = MemoryLayout<Header>.stride
    }

    /// Blocks differ by 64 bytes, a cache line; a stream is the largest thing that comes with every request.
    private static let classBytes = 64
    private static let classCount = 16
    static let blockBytesMax = classBytes * classCount
    /// Blocks that nobody uses at the moment: some hundred streams' worth. What is more goes back to the system.
    static let freeBytesMax = 512 * 1024

    /// The first free block of each class; each free block begins with the address of the next.
    private let free: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    /// Where blocks as large as a session's output frame come from.
    private let framePages = FramePages()
    private(set) var freeBytes = 0
    /// What the system has given and not got back, free blocks included.
    private(set) var heldBytes = 0

    init() {
        self.free = .allocate(capacity: Self.classCount)
        self.free.initialize(repeating: nil, count: Self.classCount)
    }

    deinit {
        for sizeClass in 0..<Self.classCount {
            while let block = self.pop(sizeClass) { self.release(block) }
        }
        self.free.deallocate()
    }

    /// What libnghttp2 is given to work with; the pool must outlive every session made with it.
    var memory: nghttp2_mem {
        nghttp2_mem(
            mem_user_data: Unmanaged.passUnretained(self).toOpaque(),
            malloc: { size, pool in BlockPool.with(pool) { $0.allocate(size) } },
            free: { block, pool in BlockPool.with(pool) { $0.giveBack(block) } },
            calloc: { count, size, pool in
                let (bytes, isTooMuch) = count.multipliedReportingOverflow(by: size)
                guard !isTooMuch, let block = BlockPool.with(pool, { $0.allocate(bytes) }) else { return nil }
                block.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
                return block
            },
            realloc: { block, size, pool in BlockPool.with(pool) { $0.resize(block, to: size) } })
    }

    @inline(__always)
    private static func with<Result>(_ pool: UnsafeMutableRawPointer?, _ body: (BlockPool) -> Result) -> Result
    where Result: ExpressibleByNilLiteral {
        guard let pool else { return nil }
        return Unmanaged<BlockPool>.fromOpaque(pool)._withUnsafeGuaranteedRef(body)
    }

    @inline(__always)
    private static func with(_ pool: UnsafeMutableRawPointer?, _ body: (BlockPool) -> Void) {
        guard let pool else { return }
        Unmanaged<BlockPool>.fromOpaque(pool)._withUnsafeGuaranteedRef(body)
    }

    func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
        guard size >= 0, size <= Self.blockBytesMax else { return self.make(Header.large, bytes: size) }
        let sizeClass = max(size - 1, 0) / Self.classBytes
        if let block = self.pop(sizeClass) { return block }
        return self.make(sizeClass, bytes: (sizeClass + 1) * Self.classBytes)
    }

    func giveBack(_ block: UnsafeMutableRawPointer?) {
        guard let block else { return }
        let sizeClass = Self.sizeClass(of: block)
        let bytes = (sizeClass + 1) * Self.classBytes
        guard sizeClass != Header.large, self.freeBytes + bytes <= Self.freeBytesMax else {
            self.release(block)
            return
        }
        block.storeBytes(of: self.free[sizeClass], as: UnsafeMutableRawPointer?.self)
        self.free[sizeClass] = block
        self.freeBytes += bytes
    }

    func resize(_ block: UnsafeMutableRawPointer?, to size: Int) -> UnsafeMutableRawPointer? {
        guard let block else { return self.allocate(size) }
        let sizeClass = Self.sizeClass(of: block)
        guard sizeClass != Header.large else {
            // A few bytes more or less of what is large: a new one, copied.
            let old = Self.header(of: block).bytes - Header.length
            guard let moved = self.make(Header.large, bytes: size) else { return nil }
            moved.copyMemory(from: block, byteCount: min(old, size))
            self.release(block)
            return moved
        }
        let room = (sizeClass + 1) * Self.classBytes
        if size <= room { return block }
        guard let larger = self.allocate(size) else { return nil }
        larger.copyMemory(from: block, byteCount: room)
        self.giveBack(block)
        return larger
    }

    private func pop(_ sizeClass: Int) -> UnsafeMutableRawPointer? {
        guard let block = self.free[sizeClass] else { return nil }
        self.free[sizeClass] = block.load(as: UnsafeMutableRawPointer?.self)
        self.freeBytes -= (sizeClass + 1) * Self.classBytes
        return block
    }

    private static func header(of block: UnsafeMutableRawPointer) -> Header {
        (block - Header.length).load(as: Header.self)
    }

    private static func sizeClass(of block: UnsafeMutableRawPointer) -> Int { self.header(of: block).sizeClass }

    /// Nil where the system has no more, which libnghttp2 takes as it should.
    private func make(_ sizeClass: Int, bytes: Int) -> UnsafeMutableRawPointer? {
        guard bytes >= 0, let start = self.obtain(Header.length + bytes) else { return nil }
        start.storeBytes(of: Header(sizeClass: sizeClass, bytes: Header.length + bytes), as: Header.self)
        self.heldBytes += self.framePages.residentBytes(of: Header.length + bytes)
        return start + Header.length
    }

    private func release(_ block: UnsafeMutableRawPointer) {
        let bytes = Self.header(of: block).bytes
        self.heldBytes -= self.framePages.residentBytes(of: bytes)
        if self.framePages.fits(bytes) {
            self.framePages.giveBack(block - Header.length)
        } else {
            Glibc.free(block - Header.length)
        }
    }

    private func obtain(_ bytes: Int) -> UnsafeMutableRawPointer? {
        self.framePages.fits(bytes) ? self.framePages.take() : malloc(bytes)
    }
}
