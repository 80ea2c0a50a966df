import GatewayJSON

/// How a log line is written.
enum LogLineFormat: Sendable, Equatable {
    /// One JSON object.
    case json
    /// For the eye: the time, then what there is to say, in columns.
    case text(isColoured: Bool)
}

/// The form that all log lines have.
enum LogLine {
    /// What a line without long values takes, twice over.
    private static let usualBytes = 1024
    /// What stands before the time of day: `2026-11-27T`.
    private static let dateBytes = 11

    /// Appends one line with its newline. `members` writes each further member with a comma before its name.
    ///
    /// - Parameter second: the time of day in UTC, up to the seconds.
    static func append(
        to lines: inout [UInt8], level: String, message: String, second: [UInt8], milliseconds: Int,
        format: LogLineFormat, _ members: (inout JSONOutput) -> Void
    ) {
        switch format {
        case .json:
            JSONOutput.append(to: &lines, expecting: self.usualBytes) { line in
                line.append(literal: "{\"time\":\"")
                second.withUnsafeBufferPointer { line.append(bytes: $0) }
                self.append(milliseconds: milliseconds, to: &line)
                line.append(literal: "Z\",\"level\":\"")
                line.append(text: level)
                line.append(literal: "\",\"message\":")
                line.append(quoting: message)
                members(&line)
                line.append(literal: "}\n")
            }
        case .text(let isColoured):
            self.appendText(
                to: &lines, second: second, milliseconds: milliseconds, isColoured: isColoured
            ) { text in
                text.column(level, width: 8, self.style(ofLevel: level))
                text.append(message)
                var object: [UInt8] = []
                JSONOutput.append(to: &object, expecting: self.usualBytes, members)
                text.append(members: object)
            }
        }
    }

    /// Appends one line for the eye: the time, then what `write` writes.
    static func appendText(
        to lines: inout [UInt8], second: [UInt8], milliseconds: Int, isColoured: Bool,
        _ write: (inout TerminalText) -> Void
    ) {
        var time = Array(second.dropFirst(self.dateBytes))
        self.append(milliseconds: milliseconds, to: &time)
        var text = TerminalText(appendingTo: lines, isColoured: isColoured)
        lines = []
        text.append(String(decoding: time, as: UTF8.self), .quiet)
        text.append("  ")
        write(&text)
        text.append("\n")
        lines = text.bytes
    }

    private static func style(ofLevel level: String) -> TerminalText.Style {
        switch level {
        case "error", "critical": .bad
        case "warning": .doubtful
        default: .quiet
        }
    }

    private static func append(milliseconds: Int, to line: inout some JSONSink & ~Copyable) {
        line.append(UInt8(ascii: "."))
        line.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: milliseconds / 100 % 10))
        line.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: milliseconds / 10 % 10))
        line.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: milliseconds % 10))
    }
}
