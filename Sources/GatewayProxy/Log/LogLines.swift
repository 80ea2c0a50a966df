import GatewayJSON
import Logging

/// The log lines of one tick of an event loop, handed to the log's writer together: one lock for all of them.
///
/// Confined to its event loop.
final class LogLines: Flushable {
    private let writer: LogWriter
    private let settings: LogSettings
    private let clock: LoopClock
    private let flushQueue: FlushQueue
    private var lines: [UInt8] = []

    init(writer: LogWriter, settings: LogSettings, clock: LoopClock, flushQueue: FlushQueue) {
        self.writer = writer
        self.settings = settings
        self.clock = clock
        self.flushQueue = flushQueue
    }

    /// Whether lines of this level are written.
    func takes(_ level: Logger.Level) -> Bool { self.settings.level <= level }

    /// Appends a line. `members` writes each further member with a comma before its name.
    func append(_ level: Logger.Level, message: String, _ members: (inout JSONOutput) -> Void) {
        if self.lines.isEmpty { self.flushQueue.add(self) }
        let (second, milliseconds) = self.clock.logTime
        LogLine.append(
            to: &self.lines, level: level.rawValue, message: message, second: second, milliseconds: milliseconds,
            format: self.settings.format, members)
    }

    /// Appends the line of something that a person reads in columns of its own: `text` writes it for the eye,
    /// `members` for programs.
    func append(
        _ level: Logger.Level, message: String, text: (inout TerminalText) -> Void,
        _ members: (inout JSONOutput) -> Void
    ) {
        guard case .text(let isColoured) = self.settings.format else {
            self.append(level, message: message, members)
            return
        }
        if self.lines.isEmpty { self.flushQueue.add(self) }
        let (second, milliseconds) = self.clock.logTime
        LogLine.appendText(
            to: &self.lines, second: second, milliseconds: milliseconds, isColoured: isColoured, text)
    }

    /// The line that `append` writes for programs, for somebody else to read.
    func line(_ level: Logger.Level, message: String, _ members: (inout JSONOutput) -> Void) -> [UInt8] {
        var line: [UInt8] = []
        let (second, milliseconds) = self.clock.logTime
        LogLine.append(
            to: &line, level: level.rawValue, message: message, second: second, milliseconds: milliseconds,
            format: .json, members)
        return line
    }

    func flush() {
        guard !self.lines.isEmpty else { return }
        self.writer.append(self.lines)
        self.lines.removeAll(keepingCapacity: true)
    }
}
