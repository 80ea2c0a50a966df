import Glibc

/// What the system knows of this process: the standard `process_*` metrics.
///
/// Reads `/proc`; where that is not mounted, only the processor time is there.
package struct ProcessFigures: Sendable {
    package var cpuNanoseconds = 0
    package var residentBytes: Int?
    package var virtualBytes: Int?
    package var openFiles: Int?
    package var maxFiles: Int?
    /// Unix time.
    package var startNanoseconds: Int?

    /// The figures of now. Some tens of microseconds.
    package static func read() -> ProcessFigures {
        var figures = ProcessFigures()
        var time = timespec()
        if clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 { figures.cpuNanoseconds = time.nanoseconds }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            figures.maxFiles = Int(clamping: limit.rlim_cur)
        }
        figures.openFiles = Self.openFiles()
        if let fields = Self.fields(of: "/proc/self/stat") {
            // proc(5), counted from the state, which is the first field behind the command's name.
            if fields.count > 21 {
                figures.virtualBytes = Int(fields[20])
                figures.residentBytes = Int(fields[21]).map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
                figures.startNanoseconds = Self.start(ticks: Int(fields[19]))
            }
        }
        return figures
    }

    /// The start in Unix time, from the ticks between the boot and the start.
    private static func start(ticks: Int?) -> Int? {
        var (real, boot) = (timespec(), timespec())
        guard let ticks, clock_gettime(CLOCK_REALTIME, &real) == 0,
            clock_gettime(CLOCK_BOOTTIME, &boot) == 0
        else { return nil }
        let ticksPerSecond = max(1, Int(sysconf(Int32(_SC_CLK_TCK))))
        // To the hundredth: the clocks are not read in the same instant, and the figure must not waver.
        let nanoseconds = real.nanoseconds - boot.nanoseconds + ticks * (1_000_000_000 / ticksPerSecond)
        return nanoseconds / 10_000_000 * 10_000_000
    }

    private static func openFiles() -> Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Without ".", ".." and the folder itself.
        return max(0, count - 3)
    }

    /// The fields behind the command's name, which is in parentheses and may hold anything.
    private static func fields(of path: String) -> [Substring]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        return text[text.index(after: end)...].split(separator: " ")
    }
}

extension timespec {
    fileprivate var nanoseconds: Int { self.tv_sec * 1_000_000_000 + self.tv_nsec }
}

/// The processor time of one thread, for others to read while the thread lives.
package struct ThreadClock: Sendable {
    private let clock: clockid_t

    /// Of the thread that calls.
    package init?() {
        var clock = clockid_t()
        guard pthread_getcpuclockid(pthread_self(), &clock) == 0 else { return nil }
        self.clock = clock
    }

    package var nanoseconds: Int? {
        var time = timespec()
        return clock_gettime(self.clock, &time) == 0 ? time.nanoseconds : nil
    }
}
