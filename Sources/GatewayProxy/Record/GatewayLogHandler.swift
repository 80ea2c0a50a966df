package import Logging

/// swift-log's lines in the gateway's own form: `time`, `level`, `message`, then the metadata.
package struct GatewayLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    private let settings: LogSettings
    private let writer: LogWriter
    private var ownLevel: Logger.Level?

    package init(settings: LogSettings, writer: LogWriter) {
        self.settings = settings
        self.writer = writer
    }

    package var logLevel: Logger.Level {
        get { self.ownLevel ?? self.settings.level }
        set { self.ownLevel = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var clock = WallClock()
        clock.update()
        var line = LogLine(
            level: event.level.rawValue, message: "\(event.message)", second: clock.logSecond,
            milliseconds: clock.milliseconds, format: self.settings.format)
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
        self.writer.append(line.finish())
    }
}
