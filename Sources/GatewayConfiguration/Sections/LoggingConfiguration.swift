/// What is logged, and how. Logs go to standard output.
package struct LoggingConfiguration: Sendable, Equatable {
    package var level: LogLevel
    package var format: LogFormat

    package init(level: LogLevel, format: LogFormat) {
        self.level = level
        self.format = format
    }
}

/// The least severe level that is logged; the names are swift-log's.
package enum LogLevel: String, Sendable, CaseIterable {
    case trace, debug, info, notice, warning, error, critical
}

/// How one log line is written.
package enum LogFormat: String, Sendable, CaseIterable {
    /// `text` on a terminal, otherwise `json`.
    case auto
    /// One JSON object per line, for machines.
    case json
    /// One readable line, in columns; in colours on a terminal.
    case text
}

extension LoggingConfiguration: DefaultedObject {
    init(reading reader: KeyReader) {
        self.level = reader.value(
            "level", .choice(LogLevel.self), default: .info,
            """
            The least severe level that is logged. `info` has one line per exchange; vendor bodies \
            appear only at `debug`; secrets never.
            """,
            examples: ["info", "debug"])
        self.format = reader.value(
            "format", .choice(LogFormat.self), default: .auto,
            """
            `json`: one object per line, for machines. `text`: one line in columns, for people; coloured on a \
            terminal, unless the environment has `NO_COLOR`. `auto`: `text` where standard output is a terminal, \
            otherwise `json`.
            """,
            examples: ["auto", "json", "text"])
    }
}
