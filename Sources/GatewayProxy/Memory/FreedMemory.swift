internal import CMalloc
import NIOCore
import NIOPosix

/// Sees to it that memory that has been freed goes back to the system.
///
/// glibc keeps what was freed for the next time, and after an hour of large answers that is most of what they took.
enum FreedMemory {
    /// Large pieces are mapped for themselves, and given back as they are freed. By default glibc moves the threshold
    /// up to 32 MiB with the largest piece that was ever freed (mallopt(3)). Below this are all bodies of products as
    /// they usually are, which must not cost a system call each.
    private static let mapThreshold: Int32 = 256 * 1024

    /// To be called once, before anything large is allocated.
    static func configure() {
        _ = mallopt(M_MMAP_THRESHOLD, Self.mapThreshold)
        // Setting the one stops glibc from moving the other as well.
        _ = mallopt(M_TRIM_THRESHOLD, 2 * Self.mapThreshold)
    }

    /// Has the allocator return what is free between what is in use (malloc_trim(3)). It locks its arenas one after the
    /// other, for milliseconds, so it is asked when much has been freed only, on a thread of its own.
    static func giveBack() {
        NIOSingletons.posixBlockingThreadPool.submit { _ in _ = malloc_trim(0) }
    }
}
