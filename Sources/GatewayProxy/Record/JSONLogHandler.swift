import GatewayJSON
package import Logging

/// swift-log's lines as JSON objects, one a line: `time`, `level`, `message`, then the metadata.
package struct JSONLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    private let writer: LogWriter
    private let label: String

    package init(label: String, level: Logger.Level, writer: LogWriter) {
        self.label = label
        self.logLevel = level
        self.writer = writer
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var line = LogLine(level: event.level.rawValue, message: "\(event.message)")
        for (key, value) in self.metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 })
            .sorted(by: { $0.key < $1.key })
        {
            line.writer.member(key, "\(value)")
        }
        self.writer.append(line.finished())
    }
}

/// One log line being written.
struct LogLine {
    var writer: JSONWriter

    init(level: String, message: String) {
        var clock = WallClock()
        let milliseconds = clock.update()
        self.init(level: level, message: message, second: clock.logSecond, milliseconds: milliseconds)
    }

    init(level: String, message: String, second: [UInt8], milliseconds: Int) {
        self.writer = JSONWriter(reservingCapacity: 512)
        self.writer.beginObject()
        let digits = [100, 10, 1].map { UInt8(ascii: "0") + UInt8(milliseconds / $0 % 10) }
        self.writer.member(
            "time", String(decoding: second + [UInt8(ascii: ".")] + digits + [UInt8(ascii: "Z")], as: UTF8.self))
        self.writer.member("level", level)
        self.writer.member("message", message)
    }

    /// The line with its newline.
    consuming func finished() -> [UInt8] {
        self.writer.endObject()
        var bytes = self.writer.bytes
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }
}
