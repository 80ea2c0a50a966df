import Glibc

/// A file that lines are appended to, written now and then.
final class LineFile {
    private let descriptor: Int32
    private var waiting: [UInt8] = []
    private(set) var count = 0
    /// The first thing that went wrong.
    private(set) var failure: String?

    private static let waitingBytesMax = 256 << 10

    /// - Parameter keeps: what is in it stays, and the lines come behind.
    init(path: String, keeps: Bool) throws(PushReadingError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND | (keeps ? 0 : O_TRUNC), 0o600)
        guard descriptor >= 0 else { throw PushReadingError("\(path): \(String(cString: strerror(errno)))") }
        self.descriptor = descriptor
    }

    deinit { close(self.descriptor) }

    func append(_ line: [UInt8]) {
        self.count += 1
        self.waiting.append(contentsOf: line)
        self.waiting.append(0x0A)
        if self.waiting.count > Self.waitingBytesMax { self.write() }
    }

    func write() {
        guard !self.waiting.isEmpty else { return }
        if !Self.write(self.waiting, to: self.descriptor), self.failure == nil {
            self.failure = String(cString: strerror(errno))
        }
        self.waiting.removeAll(keepingCapacity: true)
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { return false }
            rest = rest.dropFirst(max(count, 0))
        }
        return true
    }
}
