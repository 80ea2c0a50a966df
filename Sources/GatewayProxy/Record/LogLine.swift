import GatewayJSON

/// How a log line is written.
enum LogLineFormat: Sendable {
    /// One JSON object.
    case json
    /// Time, level and message for the eye, then the rest as JSON.
    case text
}

/// One log line being written.
struct LogLine {
    var writer: JSONWriter
    private var prefix: [UInt8] = []

    init(
        level: String, message: String, second: [UInt8], milliseconds: Int, format: LogLineFormat
    ) {
        self.writer = JSONWriter(reservingCapacity: 512)
        self.writer.beginObject()
        var time = second
        time.append(UInt8(ascii: "."))
        for power in [100, 10, 1] { time.append(UInt8(ascii: "0") + UInt8(milliseconds / power % 10)) }
        time.append(UInt8(ascii: "Z"))
        switch format {
        case .json:
            self.writer.member("time", String(decoding: time, as: UTF8.self))
            self.writer.member("level", level)
            self.writer.member("message", message)
        case .text:
            self.prefix = time + Array(" \(level) \(message) ".utf8)
        }
    }

    /// The line with its newline.
    consuming func finished() -> [UInt8] {
        self.writer.endObject()
        return self.prefix + self.writer.bytes + [UInt8(ascii: "\n")]
    }
}
