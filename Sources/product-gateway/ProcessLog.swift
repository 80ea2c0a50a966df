import GatewayProxy
import Glibc
import Logging

/// The log of a process that serves, on standard output. One for each process.
struct ProcessLog: Sendable {
    let settings: LogSettings
    let writer: LogWriter
    let logger: Logger

    /// How long a reader that takes nothing is waited for at the end, and how long after the drain time one that takes
    /// something: whoever stops the process waits for seconds, and kills it then.
    private static let patience: Duration = .seconds(3)

    init() {
        let settings = LogSettings(
            terminal: LogTerminal(descriptor: STDOUT_FILENO, environment: ProcessEnvironment.variables))
        let writer = LogWriter(settings: settings)
        LoggingSystem.bootstrap { _ in GatewayLogHandler(settings: settings, writer: writer) }
        self.settings = settings
        self.writer = writer
        self.logger = Logger(label: "product-gateway")
    }

    /// Writes the last lines, within a few seconds, and says on standard error how many could not be written. Blocks.
    ///
    /// - Parameter end: until when a reader that is slow, not stuck, has time in any case.
    func finish(notBefore end: ContinuousClock.Instant = .now) {
        let deadline = max(end, .now) + Self.patience
        guard let unwritten = self.writer.finish(patience: Self.patience, deadline: deadline) else { return }
        Terminal.errorIfTaken(
            """
            product-gateway: \(unwritten.lines) log lines could not be written: \
            \(unwritten.reason ?? "nobody has read standard output in time")
            """)
    }
}
