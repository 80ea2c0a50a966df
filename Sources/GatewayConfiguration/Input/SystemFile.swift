#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads whole files of this machine, of a bounded size. Blocks; not for an event loop.
enum SystemFile {
    static func read(_ path: String, bytesMax: Int) -> Result<[UInt8], FileError> {
        // A terminator inside would make the system read another path than the one that is shown.
        guard !path.utf8.contains(0) else { return .failure(.system(reason: "it has a NUL byte")) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return .failure(Self.lastError()) }
        defer { close(descriptor) }

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

    private static func lastError() -> FileError {
        .system(reason: String(cString: strerror(errno)))
    }
}
