import GatewayTranslation

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
    /// Whose the stream is by the configuration in force now; throws where it may not go on.
    func callerNow() throws(Problem) -> Caller?
    /// Whether changes can be recorded in the audit, or need not be.
    var takesChanges: Bool { get }
    /// Notes for the audit what a line changes, before it is sent; false where that cannot be recorded now.
    func beginChange(_ part: BulkPart) -> Bool
    /// Records what has become of a line at one of its targets, before the caller is told.
    func recordChange(_ delivery: Delivery, of part: BulkPart)
    /// The last result has been sent, or had by a stream whose caller has gone. Told once; nothing is told after it.
    func streamEnded(_ totals: StreamTotals)
}
