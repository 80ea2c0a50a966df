package import Logging

/// swift-log's lines in the gateway's own form: `time`, `level`, `message`, then the metadata.
package struct GatewayLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    private let format: LogLineFormat
    private let writer: LogWriter
    private let label: String

    package init(label: String, level: Logger.Level, format: LogLineFormat, writer: LogWriter) {
        self.label = label
        self.logLevel = level
        self.format = format
        self.writer = writer
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var clock = WallClock()
        let milliseconds = clock.update()
        var line = LogLine(
            level: event.level.rawValue, message: "\(event.message)", second: clock.logSecond,
            milliseconds: milliseconds, format: self.format)
        for (key, value) in self.metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 })
            .sorted(by: { $0.key < $1.key })
        {
            switch value {
            case .stringConvertible(let number as Int): line.writer.member(key, number)
            case .stringConvertible(let flag as Bool):
                line.writer.member(key, raw: Array((flag ? "true" : "false").utf8))
            default: line.writer.member(key, "\(value)")
            }
        }
        self.writer.append(line.finished())
    }
}
