package import GatewayConfiguration
import Logging
import Synchronization

/// What is logged and how, for all loggers of the process; a reload changes it. Any thread.
package final class LogSettings: Sendable {
    private let levelIndex: Atomic<Int>
    private let isText: Atomic<Bool>

    /// Until the configuration is read: its defaults.
    package init() {
        self.levelIndex = Atomic(Self.index(of: .info))
        self.isText = Atomic(false)
    }

    package init(_ logging: LoggingConfiguration) {
        self.levelIndex = Atomic(Self.index(of: logging.level))
        self.isText = Atomic(logging.format == .text)
    }

    package func change(to logging: LoggingConfiguration) {
        self.levelIndex.store(Self.index(of: logging.level), ordering: .relaxed)
        self.isText.store(logging.format == .text, ordering: .relaxed)
    }

    var level: Logger.Level {
        Logger.Level.allCases[self.levelIndex.load(ordering: .relaxed)]
    }

    var format: LogLineFormat { self.isText.load(ordering: .relaxed) ? .text : .json }

    /// Both lists begin with `trace` and have the same names.
    private static func index(of level: LogLevel) -> Int {
        Logger.Level.allCases.firstIndex { $0.rawValue == level.rawValue } ?? 0
    }
}
