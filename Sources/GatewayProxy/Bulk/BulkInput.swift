/// How a stream's caller sends: whether in time. Decides only; time is an input, in nanoseconds.
struct BulkInput {
    private let lineTimeout: UInt64
    private let idleTimeout: UInt64
    private(set) var hasEnded = false
    /// When something came last, or the caller was let send again.
    private var movedAt: UInt64
    /// Since when a line is coming whose end has not come.
    private var lineBeganAt: UInt64?
    private var lineNumber = 0

    init(limits: GatewayLimits, now: UInt64) {
        self.lineTimeout = limits.bodyTimeoutNanoseconds
        self.idleTimeout = limits.idleTimeoutNanoseconds
        self.movedAt = now
    }

    mutating func received(now: UInt64) { self.movedAt = now }
    mutating func ended() { self.hasEnded = true }

    /// Whether the caller has let us wait too long.
    ///
    /// - Parameters:
    ///   - isAwaited: it may send, and nothing that was sent is under way.
    ///   - line: the number of the line that is coming; nil where none has begun, or the caller may not send.
    mutating func isLate(now: UInt64, isAwaited: Bool, line: Int?) -> Bool {
        guard !self.hasEnded else { return false }
        if let line {
            if self.lineBeganAt == nil || self.lineNumber != line { self.lineBeganAt = now }
            self.lineNumber = line
        } else {
            self.lineBeganAt = nil
        }
        if !isAwaited { self.movedAt = now }
        if let began = self.lineBeganAt, now &- began > self.lineTimeout { return true }
        return now &- self.movedAt > self.idleTimeout
    }
}
