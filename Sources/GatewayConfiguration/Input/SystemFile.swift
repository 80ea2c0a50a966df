#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads whole files of this machine, of a bounded size. Not for an event loop.
package enum SystemFile {
    /// Reads a regular file, and refuses everything else before it is opened: a pipe without a writer would keep a
    /// reload waiting for ever, and to open a device can act on it.
    static func read(_ path: String, bytesMax: Int) -> Result<[UInt8], FileError> {
        // A terminator inside would make the system read another path than the one that is shown.
        guard !path.utf8.contains(0) else { return .failure(.system(reason: "it has a NUL byte")) }
        var status = stat()
        guard stat(path, &status) == 0 else { return .failure(Self.lastError()) }
        if let kind = Self.irregularity(of: status) { return .failure(.notRegular(kind: kind)) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return .failure(Self.lastError()) }
        defer { close(descriptor) }
        // Something else may have taken its place in between.
        guard fstat(descriptor, &status) == 0 else { return .failure(Self.lastError()) }
        if let kind = Self.irregularity(of: status) { return .failure(.notRegular(kind: kind)) }
        return Self.read(descriptor, bytesMax: bytesMax)
    }

    /// Reads what somebody names for one command: a file, a pipe, standard input. Waits as long as its writer does.
    package static func readDocument(_ path: String, bytesMax: Int) -> Result<[UInt8], FileError> {
        guard !path.utf8.contains(0) else { return .failure(.system(reason: "it has a NUL byte")) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return .failure(Self.lastError()) }
        defer { close(descriptor) }
        return Self.read(descriptor, bytesMax: bytesMax)
    }

    private static func read(_ descriptor: Int32, bytesMax: Int) -> Result<[UInt8], FileError> {
        var content: [UInt8] = []
        // 64 KiB holds every real configuration, key and secret in one read.
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = chunk.withUnsafeMutableBytes { buffer in
                #if canImport(Glibc)
                    Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                #elseif canImport(Musl)
                    Musl.read(descriptor, buffer.baseAddress, buffer.count)
                #else
                    Darwin.read(descriptor, buffer.baseAddress, buffer.count)
                #endif
            }
            if count < 0, errno == EINTR { continue }
            if count < 0 { return .failure(Self.lastError()) }
            if count == 0 { return .success(content) }
            if content.count + count > bytesMax { return .failure(.tooLarge(bytesMax: bytesMax)) }
            content.append(contentsOf: chunk[..<count])
        }
    }

    /// What it is instead of a regular file; nil where it is one.
    private static func irregularity(of status: stat) -> String? {
        switch status.st_mode & S_IFMT {
        case S_IFREG: nil
        case S_IFDIR: "a directory"
        case S_IFIFO: "a pipe"
        case S_IFSOCK: "a socket"
        case S_IFCHR, S_IFBLK: "a device"
        default: "something else"
        }
    }

    private static func lastError() -> FileError {
        let reason = String(cString: strerror(errno))
        return switch errno {
        case ENOENT, ENOTDIR, EACCES: .absent(reason: reason)
        default: .system(reason: reason)
        }
    }
}
