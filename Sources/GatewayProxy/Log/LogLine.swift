import GatewayJSON

/// How a log line is written.
enum LogLineFormat: Sendable {
    /// One JSON object.
    case json
    /// Time, level and message for the eye, then the rest as JSON.
    case text
}

/// The form that all log lines have.
enum LogLine {
    /// What a line without long values takes, twice over.
    private static let usualBytes = 1024

    /// Appends one line with its newline. `members` writes each further member with a comma before its name.
    ///
    /// - Parameter second: the time of day in UTC, up to the seconds.
    static func append(
        to lines: inout [UInt8], level: String, message: String, second: [UInt8], milliseconds: Int,
        format: LogLineFormat, _ members: (inout JSONOutput) -> Void
    ) {
        JSONOutput.append(to: &lines, expecting: self.usualBytes) { line in
            switch format {
            case .json:
                line.append(literal: "{\"time\":\"")
                self.append(second, milliseconds, to: &line)
                line.append(literal: "\",\"level\":\"")
                line.append(text: level)
                line.append(literal: "\",\"message\":")
                line.append(quoting: message)
                members(&line)
            case .text:
                self.append(second, milliseconds, to: &line)
                line.append(UInt8(ascii: " "))
                line.append(text: level)
                line.append(UInt8(ascii: " "))
                line.append(text: message)
                line.append(UInt8(ascii: " "))
                let start = line.count
                members(&line)
                // The first member's comma is where the object begins.
                if line.count > start {
                    line.replace(at: start, with: UInt8(ascii: "{"))
                } else {
                    line.append(UInt8(ascii: "{"))
                }
            }
            line.append(literal: "}\n")
        }
    }

    private static func append(_ second: [UInt8], _ milliseconds: Int, to line: inout JSONOutput) {
        second.withUnsafeBufferPointer { line.append(bytes: $0) }
        line.append(UInt8(ascii: "."))
        line.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: milliseconds / 100 % 10))
        line.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: milliseconds / 10 % 10))
        line.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: milliseconds % 10))
        line.append(UInt8(ascii: "Z"))
    }
}
