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
        let members = self.metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 })
            .sorted { $0.key < $1.key }
        var line: [UInt8] = []
        LogLine.append(
            to: &line, level: event.level.rawValue, message: "\(event.message)", second: clock.logSecond,
            milliseconds: clock.milliseconds, format: self.settings.format
        ) { line in
            for (key, value) in members {
                line.append(UInt8(ascii: ","))
                line.append(quoting: key)
                line.append(UInt8(ascii: ":"))
                switch value {
                case .stringConvertible(let number as Int): line.append(decimal: number)
                case .stringConvertible(let flag as Bool): line.append(literal: flag ? "true" : "false")
                default: line.append(quoting: "\(value)")
                }
            }
        }
        self.writer.append(line)
    }
}
