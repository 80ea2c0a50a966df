/// An exchange that is over, for whoever watches: its log line, and what it can be looked for by.
struct WatchedExchange: Sendable {
    /// The JSON line that the log has, or would have, with its newline.
    var line: [UInt8]
    /// Its name, where it has one, and its address.
    var callers: [String]
    var requestID: String
    var traceID: String
    var status: Int?
    var microseconds: Int
    var targets: [String] = []
    /// Of the whole and of each target.
    var codes: [String] = []
}

extension WatchedExchange {
    init(_ record: borrowing ExchangeRecord, line: [UInt8]) {
        let shown = record.line
        self.init(
            line: line, callers: [shown.caller, record.caller], requestID: shown.requestID,
            traceID: record.trace?.traceID.string ?? "",
            status: shown.status, microseconds: shown.microseconds,
            targets: shown.results.compactMap(\.target), codes: [record.code] + shown.results.map(\.code))
    }
}
