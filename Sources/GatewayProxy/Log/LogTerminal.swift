import GatewayConfiguration
import Glibc

/// What is known of whoever reads the log: a person at a terminal, or a program.
package struct LogTerminal: Sendable, Equatable {
    package let isTerminal: Bool
    package let takesColour: Bool

    /// A file or a pipe.
    package static let none = LogTerminal(isTerminal: false, takesColour: false)

    init(isTerminal: Bool, takesColour: Bool) {
        self.isTerminal = isTerminal
        self.takesColour = takesColour
    }

    /// - Parameters:
    ///   - descriptor: where lines are written to.
    ///   - environment: `NO_COLOR` with any value switches colours off (no-color.org), and so does a terminal that says
    ///     by `TERM` that it has none.
    package init(descriptor: Int32, environment: [String: String]) {
        self.init(isTerminal: isatty(descriptor) == 1, environment: environment)
    }

    init(isTerminal: Bool, environment: [String: String]) {
        self.isTerminal = isTerminal
        let isRefused = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        self.takesColour = isTerminal && !isRefused && environment["TERM"] != "dumb"
    }

    /// How lines are written where the configuration says `format`.
    func lineFormat(_ format: LogFormat) -> LogLineFormat {
        switch format {
        case .json: .json
        case .text: .text(isColoured: self.takesColour)
        case .auto: self.isTerminal ? .text(isColoured: self.takesColour) : .json
        }
    }
}
