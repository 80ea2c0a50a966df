#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the system tells of a file without opening it: where two are equal, the content is taken to be the same.
///
/// Symbolic links are followed, so that a link that leads elsewhere now is a change: Kubernetes replaces the files of a
/// Secret or a ConfigMap by turning one link.
package struct FileState: Sendable, Hashable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let modifiedSeconds: Int64
    private let modifiedNanoseconds: Int64
    /// When content, name or rights changed last; unlike the other time nobody can set it.
    private let changedSeconds: Int64
    private let changedNanoseconds: Int64

    /// Nil where there is no such file, or where it cannot be reached.
    package init?(path: String) {
        var status = stat()
        guard !path.utf8.contains(0), stat(path, &status) == 0 else { return nil }
        self.device = UInt64(truncatingIfNeeded: status.st_dev)
        self.inode = UInt64(truncatingIfNeeded: status.st_ino)
        self.size = Int64(status.st_size)
        #if canImport(Darwin)
            let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
        #else
            let (modified, changed) = (status.st_mtim, status.st_ctim)
        #endif
        self.modifiedSeconds = Int64(modified.tv_sec)
        self.modifiedNanoseconds = Int64(modified.tv_nsec)
        self.changedSeconds = Int64(changed.tv_sec)
        self.changedNanoseconds = Int64(changed.tv_nsec)
    }
}

/// A file that a configuration was made from.
package struct ConfigurationFile: Sendable, Equatable {
    package let path: String
    /// As it was before it was read, so that no change is missed; nil where it was not there.
    package let state: FileState?

    package init(path: String, state: FileState?) {
        self.path = path
        self.state = state
    }
}
