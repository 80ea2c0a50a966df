import Glibc

/// Pages for the buffer in which each session of libnghttp2 puts its frames together.
///
/// Such a buffer has room for a frame of 16 KiB, and most of a connection's frames, answers' fields included, are a few
/// hundred bytes at its beginning (bodies are written past it). Memory from the system's allocator has been used before
/// and is resident, all of it; fresh pages are resident only where they are written to. So each buffer begins on a page
/// of its own, and what it has used is handed back to the system with it: an idle connection keeps one page of five.
/// Confined to one event loop.
final class FramePages {
    private static let pageBytes = 4096
    /// Room for libnghttp2's 16,394 bytes (NGHTTP2_FRAMEBUF_CHUNKLEN) and the header of a block.
    static let slotBytes = 5 * pageBytes
    private static let smallest = 4 * pageBytes
    /// Mapped at a time: more mappings would cost the system, larger ones are address space that nobody needs.
    private static let slotsPerRegion = 64

    private var free: [UnsafeMutableRawPointer] = []
    private var regions: [UnsafeMutableRawPointer] = []

    deinit {
        for region in self.regions { munmap(region, Self.slotBytes * Self.slotsPerRegion) }
    }

    /// Whether a block of `bytes` is taken from here.
    func fits(_ bytes: Int) -> Bool { bytes > Self.smallest && bytes <= Self.slotBytes }

    /// What of a block of `bytes` is memory, as a rule: where it comes from here, its first page.
    func residentBytes(of bytes: Int) -> Int { self.fits(bytes) ? Self.pageBytes : bytes }

    /// Nil where the system has no more.
    func take() -> UnsafeMutableRawPointer? {
        if self.free.isEmpty { self.map() }
        return self.free.popLast()
    }

    func giveBack(_ slot: UnsafeMutableRawPointer) {
        // Whatever the system says, the pages can be used again.
        _ = madvise(slot, Self.slotBytes, MADV_DONTNEED)
        self.free.append(slot)
    }

    private func map() {
        let bytes = Self.slotBytes * Self.slotsPerRegion
        guard let region = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            region != MAP_FAILED
        else { return }
        // Huge pages would be resident as a whole.
        _ = madvise(region, bytes, MADV_NOHUGEPAGE)
        self.regions.append(region)
        for index in 0..<Self.slotsPerRegion { self.free.append(region + index * Self.slotBytes) }
    }
}
