import GatewayJSON

/// How a log line is written.
enum LogLineFormat: Sendable {
    /// One JSON object.
    case json
    /// Time, level and message for the eye, then the rest as JSON.
    case text
}

/// One log line being written, behind those that are there already.
struct LogLine {
    var writer: JSONWriter

    init(
        level: String, message: String, second: [UInt8], milliseconds: Int, format: LogLineFormat,
        after lines: consuming [UInt8] = []
    ) {
        switch format {
        case .json:
            self.writer = JSONWriter(appendingTo: consume lines)
            self.writer.beginObject()
            self.writer.name("time")
            self.writer.value {
                $0.append(UInt8(ascii: "\""))
                Self.append(second, milliseconds, to: &$0)
                $0.append(UInt8(ascii: "\""))
            }
            self.writer.member("level", level)
            self.writer.member("message", message)
        case .text:
            Self.append(second, milliseconds, to: &lines)
            lines.append(contentsOf: " \(level) \(message) ".utf8)
            self.writer = JSONWriter(appendingTo: consume lines)
            self.writer.beginObject()
        }
    }

    private static func append(_ second: [UInt8], _ milliseconds: Int, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: second)
        bytes.append(UInt8(ascii: "."))
        bytes.append(UInt8(ascii: "0") + UInt8(milliseconds / 100 % 10))
        bytes.append(UInt8(ascii: "0") + UInt8(milliseconds / 10 % 10))
        bytes.append(UInt8(ascii: "0") + UInt8(milliseconds % 10))
        bytes.append(UInt8(ascii: "Z"))
    }

    /// The lines, each with its newline; the last use of this one.
    mutating func finish() -> [UInt8] {
        self.writer.endObject()
        // Taken out, so that nobody else holds them and appending copies nothing.
        var lines: [UInt8] = []
        swap(&lines, &self.writer.bytes)
        lines.append(UInt8(ascii: "\n"))
        return lines
    }
}
