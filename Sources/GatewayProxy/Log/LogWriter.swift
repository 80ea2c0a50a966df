import Dispatch
import GatewayThreads
import Glibc
import Synchronization

/// Writes log lines to a file descriptor on a thread of its own, so that a slow reader never holds up a worker.
///
/// Lines wait in a buffer of bounded size. Lines that find it full are dropped, and so are lines that the system
/// refuses to write; both are counted, and the count is written as a line of its own as soon as that is possible. A
/// line is never broken by another: one that could be written only in part is completed first, whenever that is. Any
/// thread.
package final class LogWriter: Sendable {
    /// Lines that never reached the descriptor, and of which the log could not tell itself.
    package struct Unwritten: Sendable, Equatable {
        package let lines: Int
        /// In the system's words; `nil` where nobody read them in time.
        package let reason: String?
    }

    private enum Phase {
        case running
        /// What waits is written, and then the thread ends.
        case finishing
        /// Nothing is written any more.
        case finished
    }

    private struct State {
        var phase = Phase.running
        var buffer: [UInt8] = []
        /// Room that is kept for lines to come.
        var reserved = 0
        /// What the thread is writing, and how much of it is written.
        var taken: [UInt8] = []
        var written = 0
        /// What is taken begins with the rest of a line whose beginning was written before.
        var takenIsBegun = false
        /// What is taken ends with a line that tells of so many dropped ones.
        var telling = 0
        /// The rest of a line whose beginning is written: whatever is written next begins with it.
        var owed: [UInt8] = []
        /// Not told yet.
        var dropped = 0
        var droppedTotal = 0
        /// Why the last write failed; `nil` since one succeeded.
        var failure: Int32?
        var bytesWritten: UInt64 = 0
        var hasThread = false
        /// The thread is awake or has been woken: it will see what is added now.
        var isAwake = false
    }

    /// Tens of thousands of lines: a second or more of heavy traffic.
    package static let bufferBytesMax = 8 * 1024 * 1024

    /// What is kept for lines that have to be written: of four thousand changes under way. Nothing is taken for it
    /// before they come.
    static let reservedBytesMax = 16 * 1024 * 1024

    private static let newline = UInt8(ascii: "\n")
    /// How often `finish` looks whether the thread gets on.
    private static let look = DispatchTimeInterval.milliseconds(50)
    /// How long a thread may take to notice that it is to stop: a look of `LogOutput`, and time on a busy machine.
    private static let lastLook = DispatchTimeInterval.milliseconds(250)

    private let state = Mutex(State())
    private let settings: LogSettings
    private let output: LogOutput
    private let bufferBytesMax: Int
    private let wake = DispatchSemaphore(value: 0)
    private let threadEnded = DispatchSemaphore(value: 0)

    /// - Parameter settings: how the writer's own line is written.
    package convenience init(
        settings: LogSettings, descriptor: Int32 = STDOUT_FILENO,
        bufferBytesMax: Int = LogWriter.bufferBytesMax
    ) {
        self.init(settings: settings, output: LogOutput(descriptor: descriptor), bufferBytesMax: bufferBytesMax)
    }

    init(settings: LogSettings, output: LogOutput, bufferBytesMax: Int = LogWriter.bufferBytesMax) {
        self.settings = settings
        self.output = output
        self.bufferBytesMax = bufferBytesMax
    }

    var recordFormat: LogLineFormat { self.settings.recordFormat }

    /// How many lines have been dropped since the start.
    package var droppedTotal: Int { self.state.withLock { $0.droppedTotal } }

    /// Whether lines that are added now are likely to be written: the last write went well, and those who read keep up.
    package var isTaking: Bool {
        self.state.withLock { state in
            state.phase == .running && state.failure == nil && state.buffer.count < self.bufferBytesMax / 2
        }
    }

    /// Keeps room for a line, beside what other lines may take.
    ///
    /// - Returns: nil where lines are not written now, or too many wait.
    func reserve(_ byteCount: Int) -> LogRoom? {
        let isReserved = self.state.withLock { state in
            guard state.phase == .running, state.failure == nil,
                state.reserved + byteCount <= Self.reservedBytesMax,
                state.buffer.count + state.reserved + byteCount <= self.bufferBytesMax + Self.reservedBytesMax
            else { return false }
            state.reserved += byteCount
            return true
        }
        return isReserved ? LogRoom(in: self, byteCount: byteCount) : nil
    }

    func giveBack(_ byteCount: Int) {
        self.state.withLock { $0.reserved -= byteCount }
    }

    /// Adds whole lines, each with its newline.
    package func append(_ lines: [UInt8]) { self.append(lines, in: nil) }

    /// - Parameter room: kept for the lines, which are not dropped for want of room then.
    func append(_ lines: [UInt8], in room: LogRoom?) {
        let isReserved = room.map { lines.count <= $0.byteCount } ?? false
        let (mustStart, mustWake) = self.state.withLock { state in
            guard state.phase != .finished, isReserved || state.buffer.count + lines.count <= self.bufferBytesMax else {
                let count = lines.count { $0 == Self.newline }
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

    /// Writes what waits and ends; for the end of the process. Blocks the calling thread until then.
    ///
    /// - Parameters:
    ///   - patience: a reader that takes nothing for so long is stuck, and gets no more.
    ///   - deadline: nothing is written after it, however well the reader reads.
    package func finish(patience: Duration, deadline: ContinuousClock.Instant) -> Unwritten? {
        let mustStart = self.state.withLock { state in
            state.phase = .finishing
            defer { state.hasThread = true }
            return !state.hasThread
        }
        if mustStart { self.startThread() }
        self.wake.signal()
        self.waitForThread(patience: patience, deadline: deadline)
        return self.state.withLock { state in
            state.phase = .finished
            var lines = state.dropped + state.telling + Self.lines(in: state.buffer[...])
            lines += Self.lines(in: state.taken[state.written...]) - (state.telling > 0 ? 1 : 0)
            lines += Self.lines(in: state.owed[...])
            guard lines > 0 else { return nil }
            return Unwritten(lines: lines, reason: state.failure.map { String(cString: strerror($0)) })
        }
    }

    private func waitForThread(patience: Duration, deadline: ContinuousClock.Instant) {
        var bytesWritten: UInt64?
        var lastWrite = ContinuousClock.now
        while self.threadEnded.wait(timeout: .now() + Self.look) == .timedOut {
            let now = ContinuousClock.now
            let current = self.state.withLock { $0.hasThread ? $0.bytesWritten : nil }
            guard let current else { return }
            if current != bytesWritten { lastWrite = now }
            bytesWritten = current
            if now >= deadline || now - lastWrite >= patience {
                self.state.withLock { $0.phase = .finished }
                // It stops between two writes, unless the system does not let it out of one.
                _ = self.threadEnded.wait(timeout: .now() + Self.lastLook)
                return
            }
        }
    }

    /// The thread holds the writer, and lives until it is finished.
    private func startThread() {
        let failure = DetachedThread.start {
            repeat { self.wake.wait() } while self.drain()
            self.threadEnded.signal()
        }
        if failure != nil { self.state.withLock { $0.hasThread = false } }
    }

    /// Writes everything that waits.
    ///
    /// - Returns: whether there can be more.
    private func drain() -> Bool {
        while let lines = self.take() {
            guard self.write(lines) else { return false }
        }
        return self.state.withLock { $0.phase == .running }
    }

    /// Everything that waits; `nil` when nothing does.
    private func take() -> [UInt8]? {
        self.state.withLock { state in
            // Of dropped lines alone nothing can be told where nothing can be written.
            let isSilent = state.buffer.isEmpty && (state.dropped == 0 || state.failure != nil)
            guard !isSilent, state.phase != .finished else {
                state.isAwake = false
                return nil
            }
            if state.dropped > 0 {
                state.buffer.append(contentsOf: self.line(dropped: state.dropped, failure: state.failure))
                state.telling = state.dropped
                state.dropped = 0
            }
            state.takenIsBegun = !state.owed.isEmpty
            state.taken = state.takenIsBegun ? state.owed + state.buffer : state.buffer
            state.written = 0
            state.owed = []
            state.buffer = []
            return state.taken
        }
    }

    private func line(dropped count: Int, failure: Int32?) -> [UInt8] {
        var clock = WallClock()
        clock.update()
        var line: [UInt8] = []
        LogLine.append(
            to: &line, level: "warning", message: "log lines dropped", second: clock.logSecond,
            milliseconds: clock.milliseconds, format: self.settings.format
        ) { line in
            line.append(literal: ",\"count\":")
            line.append(decimal: count)
            if let failure {
                line.append(literal: ",\"reason\":")
                line.append(quoting: String(cString: strerror(failure)))
            }
        }
        return line
    }

    /// - Returns: whether the thread goes on; it does after a failure too, which may pass.
    private func write(_ lines: [UInt8]) -> Bool {
        var offset = 0
        while offset < lines.count {
            switch self.output.write(lines, from: offset) {
            case .wrote(let count):
                offset += count
                guard self.wrote(count) else { return false }
            case .noRoom:
                guard self.state.withLock({ $0.phase != .finished }) else { return false }
            case .failed(let code):
                self.state.withLock { state in Self.drop(&state, failure: code) }
                return true
            }
        }
        return true
    }

    /// - Returns: whether more may be written.
    private func wrote(_ count: Int) -> Bool {
        self.state.withLock { state in
            state.written += count
            state.bytesWritten += UInt64(count)
            state.failure = nil
            if state.written == state.taken.count {
                state.taken = []
                state.written = 0
                state.telling = 0
            }
            return state.phase != .finished
        }
    }

    /// Counts what is taken and not written as dropped, all but the rest of a line that has been begun.
    private static func drop(_ state: inout State, failure: Int32) {
        state.failure = failure
        let rest = state.taken[state.written...]
        let isBegun = state.written == 0 ? state.takenIsBegun : state.taken[state.written - 1] != Self.newline
        let begun = isBegun ? rest.prefix(through: rest.firstIndex(of: Self.newline) ?? rest.endIndex - 1) : []
        var lost = Self.lines(in: rest.dropFirst(begun.count))
        if state.telling > 0, begun.count < rest.count {
            // Among what is lost is the line that would have told of others.
            lost -= 1
            state.dropped += state.telling
        }
        state.dropped += lost
        state.droppedTotal += lost
        state.owed = Array(begun)
        state.telling = 0
        state.taken = []
        state.written = 0
    }

    private static func lines(in bytes: ArraySlice<UInt8>) -> Int { bytes.count { $0 == Self.newline } }
}
