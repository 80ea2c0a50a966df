import Glibc

/// The descriptor that log lines go to, written so that a reader sees whole lines.
///
/// A write takes at most `PIPE_BUF` bytes, and waits until there is room before it: that much goes into a pipe whole or
/// not at all (POSIX, write(2)), also where several processes share it, and does not block. Nothing is changed about
/// the descriptor, because others may have it too. One thread.
struct LogOutput {
    enum Step: Equatable {
        case wrote(Int)
        /// There was no room in the time of one look.
        case noRoom
        /// The system refuses: `errno`.
        case failed(Int32)
    }

    /// Without one (-1) there is nothing to wait for: every write fails.
    let descriptor: Int32
    /// write(2), or what a test puts in its place.
    var writeBytes: @Sendable (_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int = {
        Glibc.write($0, $1, $2)
    }

    private static let newline = UInt8(ascii: "\n")
    /// How long one look for room takes at most: how soon the writer notices that it is to give up.
    private static let lookMilliseconds: Int32 = 50

    /// Writes the next bytes: whole lines where they are not longer than a write takes.
    ///
    /// - Parameter offset: within the lines, before their end.
    func write(_ lines: [UInt8], from offset: Int) -> Step {
        if self.descriptor >= 0 {
            var waiting = pollfd(fd: self.descriptor, events: Int16(POLLOUT), revents: 0)
            // Interrupted or not: the next look comes soon.
            guard poll(&waiting, 1, Self.lookMilliseconds) > 0 else { return .noRoom }
        }
        let end = Self.end(of: lines, from: offset)
        let count = lines.withUnsafeBytes { bytes in
            self.writeBytes(self.descriptor, bytes.baseAddress.map { $0 + offset }, end - offset)
        }
        if count > 0 { return .wrote(count) }
        // Somebody else may have filled it, or made it non-blocking.
        if count < 0, errno != EINTR, errno != EAGAIN { return .failed(errno) }
        return .noRoom
    }

    /// Where the next write ends.
    static func end(of lines: [UInt8], from offset: Int) -> Int {
        let most = min(offset + Int(PIPE_BUF), lines.count)
        return lines[offset..<most].lastIndex(of: Self.newline).map { $0 + 1 } ?? most
    }
}
