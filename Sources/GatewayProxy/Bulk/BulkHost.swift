/// What a stream of updates stands in: its exchange, which has the caller.
protocol BulkHost: AnyObject {
    /// Sends the fields of the answer.
    func begin(_ answer: Answer)
    /// Sends results, or the end of them.
    func extend(by bytes: [UInt8], isEnd: Bool)
    /// The caller may send as much again.
    func giveCredit(of bytes: Int)
    /// Says how many bytes of the caller's the stream holds from now on.
    func hold(_ bytes: Int)
    func traceForAttempt() -> SentTrace
    /// Whether changes can be recorded in the audit, or need not be.
    var takesChanges: Bool { get }
    /// Records what has become of a line at one of its targets, before the caller is told.
    func recordChange(_ delivery: Delivery, of line: BulkLine)
    /// The last result has been sent, or had by a stream whose caller has gone. Told once; nothing is told after it.
    func streamEnded(_ totals: StreamTotals)
}
