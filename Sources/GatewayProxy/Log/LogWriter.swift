import Dispatch
import Glibc
import Synchronization

/// Writes log lines to a file descriptor on a thread of its own, so that a slow reader never holds up a worker.
///
/// Lines wait in a buffer of bounded size; when it is full, lines are dropped and counted, and the count is written as
/// a line of its own as soon as there is room. Any thread.
package final class LogWriter: Sendable {
    private struct State {
        var buffer: [UInt8] = []
        var dropped = 0
        var droppedTotal = 0
        var hasThread = false
        /// The thread is awake or has been woken: it will see what is added now.
        var isAwake = false
    }

    /// Tens of thousands of lines: a second or more of heavy traffic.
    package static let bufferBytesMax = 8 * 1024 * 1024

    private let state = Mutex(State())
    private let settings: LogSettings
    private let descriptor: Int32
    private let bufferBytesMax: Int
    private let wake = DispatchSemaphore(value: 0)

    /// - Parameter settings: how the writer's own line is written.
    package init(
        settings: LogSettings, descriptor: Int32 = STDOUT_FILENO,
        bufferBytesMax: Int = LogWriter.bufferBytesMax
    ) {
        self.settings = settings
        self.descriptor = descriptor
        self.bufferBytesMax = bufferBytesMax
    }

    /// How many lines have been dropped since the start.
    package var droppedTotal: Int { self.state.withLock { $0.droppedTotal } }

    /// Adds whole lines, each with its newline.
    package func append(_ lines: [UInt8]) {
        let (mustStart, mustWake) = self.state.withLock { state in
            guard state.buffer.count + lines.count <= self.bufferBytesMax else {
                let count = lines.count { $0 == UInt8(ascii: "\n") }
                state.dropped += count
                state.droppedTotal += count
                return (false, false)
            }
            state.buffer.append(contentsOf: lines)
            let result = (!state.hasThread, !state.isAwake)
            state.hasThread = true
            state.isAwake = true
            return result
        }
        if mustStart { self.startThread() }
        if mustWake { self.wake.signal() }
    }

    /// Writes what is left, on the calling thread: for the end of the process.
    package func flush() {
        self.drain()
    }

    /// The thread lives as long as the process and holds the writer.
    private func startThread() {
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let writer = Unmanaged<LogWriter>.fromOpaque(argument).takeRetainedValue()
                while true {
                    writer.wake.wait()
                    writer.drain()
                }
            }, argument.toOpaque())
        if code == 0 {
            pthread_detach(thread)
        } else {
            argument.release()
            self.state.withLock { $0.hasThread = false }
        }
    }

    private func drain() {
        while let lines = self.take() { self.write(lines) }
    }

    /// Everything that waits; `nil` when nothing does.
    private func take() -> [UInt8]? {
        self.state.withLock { state in
            if state.dropped > 0 {
                state.buffer.append(contentsOf: self.line(dropped: state.dropped))
                state.dropped = 0
            }
            guard !state.buffer.isEmpty else {
                state.isAwake = false
                return nil
            }
            let lines = state.buffer
            state.buffer = []
            return lines
        }
    }

    private func line(dropped count: Int) -> [UInt8] {
        var clock = WallClock()
        clock.update()
        var line: [UInt8] = []
        LogLine.append(
            to: &line, level: "warning", message: "log lines dropped", second: clock.logSecond,
            milliseconds: clock.milliseconds, format: self.settings.format
        ) { line in
            line.append(literal: ",\"count\":")
            line.append(decimal: count)
        }
        return line
    }

    private func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let count = Glibc.write(self.descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
                if count > 0 {
                    offset += count
                } else if count < 0, errno == EINTR {
                    continue
                } else if count < 0, errno == EAGAIN {
                    // A non-blocking pipe with a slow reader: wait for room, with the buffer's limit above us.
                    var waiting = pollfd(fd: self.descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&waiting, 1, 1000)
                } else {
                    return  // Nobody reads the log any more; the gateway goes on.
                }
            }
        }
    }
}
