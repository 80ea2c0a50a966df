import GatewayJSON
import Logging

/// Takes the records of exchanges that are over: counts each, remembers failures, writes the log line, and shows it to
/// whoever watches.
///
/// Confined to its event loop.
final class ExchangeRecorder {
    let ledger: WorkerLedger
    private let logLines: LogLines
    private let watch: ExchangeWatch
    /// Nil where no spans are sent.
    let tracer: ExchangeTracer?
    var random: LoopRandom

    init(ledger: WorkerLedger, logLines: LogLines, watch: ExchangeWatch, tracer: ExchangeTracer?, random: LoopRandom) {
        self.ledger = ledger
        self.logLines = logLines
        self.watch = watch
        self.tracer = tracer
        self.random = random
    }

    private static let message = "exchange"

    /// Whether lines of this level are written.
    func takes(_ level: Logger.Level) -> Bool { self.logLines.takes(level) }

    func append(_ level: Logger.Level, message: String, _ members: (inout JSONOutput) -> Void) {
        self.logLines.append(level, message: message, members)
    }

    func exchangeStarted() {
        self.ledger.exchangeStarted()
    }

    /// Counts and logs an exchange that is over. Its trace begins here where the log or the status page are the first
    /// to want it.
    func exchangeEnded(_ record: inout ExchangeRecord) {
        self.tracer?.exchangeEnded(&record, random: self.random)
        let level = record.level
        let isLogged = self.logLines.takes(level)
        let isWatched = self.watch.isOpen
        if record.trace == nil, isLogged || record.hasFailed || isWatched {
            record.trace = TraceContext(from: &self.random)
        }
        self.ledger.exchangeEnded(record)
        if isLogged {
            self.logLines.append(level, message: Self.message, text: { record.line.append(to: &$0) }) {
                record.write(to: &$0)
            }
        }
        if isWatched {
            let line = self.logLines.line(level, message: Self.message) { record.write(to: &$0) }
            self.watch.append(WatchedExchange(record, line: line))
        }
    }
}
