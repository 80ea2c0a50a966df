package import GatewayConfiguration
import Logging
import Synchronization

/// What is logged and how, for all loggers of the process; a reload changes it. Any thread.
package final class LogSettings: Sendable {
    private let levelIndex: Atomic<Int>
    private let formatIndex: Atomic<Int>
    private let terminal: LogTerminal

    /// Until the configuration is read: its defaults.
    package convenience init(terminal: LogTerminal) {
        self.init(LoggingConfiguration(level: .info, format: .auto), terminal: terminal)
    }

    package init(_ logging: LoggingConfiguration, terminal: LogTerminal = .none) {
        self.terminal = terminal
        self.levelIndex = Atomic(Self.index(of: logging.level))
        self.formatIndex = Atomic(Self.index(of: terminal.lineFormat(logging.format)))
    }

    package func change(to logging: LoggingConfiguration) {
        self.levelIndex.store(Self.index(of: logging.level), ordering: .relaxed)
        self.formatIndex.store(Self.index(of: self.terminal.lineFormat(logging.format)), ordering: .relaxed)
    }

    var level: Logger.Level {
        Logger.Level.allCases[self.levelIndex.load(ordering: .relaxed)]
    }

    var format: LogLineFormat {
        switch self.formatIndex.load(ordering: .relaxed) {
        case 0: .json
        case 1: .text(isColoured: false)
        default: .text(isColoured: true)
        }
    }

    /// How lines are written that programs keep, such as the audit's: for the eye only where a person is known to look.
    var recordFormat: LogLineFormat { self.terminal.isTerminal ? self.format : .json }

    private static func index(of format: LogLineFormat) -> Int {
        switch format {
        case .json: 0
        case .text(let isColoured): isColoured ? 2 : 1
        }
    }

    /// Both lists begin with `trace` and have the same names.
    private static func index(of level: LogLevel) -> Int {
        Logger.Level.allCases.firstIndex { $0.rawValue == level.rawValue } ?? 0
    }
}
