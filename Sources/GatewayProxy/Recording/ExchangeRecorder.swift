/// Takes the records of exchanges that are over: counts each, remembers failures, writes the log line.
///
/// Confined to its event loop.
final class ExchangeRecorder {
    let ledger: WorkerLedger
    private let logLines: LogLines
    private var random: LoopRandom

    init(ledger: WorkerLedger, logLines: LogLines, random: LoopRandom) {
        self.ledger = ledger
        self.logLines = logLines
        self.random = random
    }

    func exchangeStarted() {
        self.ledger.exchangeStarted()
    }

    /// Counts and logs an exchange that is over. Its trace begins here where the log or the status page are the first
    /// to want it.
    func exchangeEnded(_ record: inout ExchangeRecord) {
        let level = record.level
        let isLogged = self.logLines.takes(level)
        if record.trace == nil, isLogged || record.hasFailed { record.trace = TraceContext(from: &self.random) }
        self.ledger.exchangeEnded(record)
        if isLogged { self.logLines.append(level, message: "exchange") { record.write(to: &$0) } }
    }
}
