import Glibc

/// The right to write a file, held by one process at a time: an advisory lock on a file beside it. Given back when the
/// value is, and by the system when the process ends, however it does.
final class FileLock {
    private let descriptor: Int32

    init(path: String) throws(StoreFailure) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .unavailable(reason: "\(path): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno == EWOULDBLOCK ? "another gateway has it open" : String(cString: strerror(errno))
            Glibc.close(descriptor)
            throw .unavailable(reason: "\(path): \(reason)")
        }
        self.descriptor = descriptor
    }

    deinit {
        Glibc.close(self.descriptor)
    }
}
