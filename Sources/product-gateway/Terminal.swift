import Glibc

/// Text on the standard streams, written at once and whole.
enum Terminal {
    /// For people: mistakes, hints, progress.
    static func error(_ text: String) {
        self.write(text, to: STDERR_FILENO)
    }

    /// The same, unless nobody takes it: whoever reads standard error must not keep the process from ending.
    static func errorIfTaken(_ text: String) {
        var waiting = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        guard poll(&waiting, 1, 100) > 0 else { return }
        self.write(text, to: STDERR_FILENO)
    }

    /// A question, at whose end the answer is typed.
    static func prompt(_ text: String) {
        self.write(text, to: STDERR_FILENO, end: "")
    }

    /// For programs: what a command was asked for.
    static func output(_ text: String) {
        self.write(text, to: STDOUT_FILENO)
    }

    private static func write(_ text: String, to descriptor: Int32, end: String = "\n") {
        let line = Array((text + end).utf8)
        var offset = 0
        while offset < line.count {
            let count = line[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { return }
            offset += max(count, 0)
        }
    }
}
