import GatewayHTTP2

/// The streams of one connection that were answered before their request had come to its end.
///
/// RFC 9113 section 8.1 lets a server reset them without an error, so that a caller need not send what nobody wants. It
/// waits a moment before it does: most callers end the request by themselves, and what is wrong with the rest of it
/// should still be told. Confined to its worker's event loop; does nothing once its connection is gone.
final class EarlyAnswers: Deadline {
    /// Given up when the connection is gone. (A weak reference would make every use of the connection slower.)
    private var connection: HTTP2CallerConnection?
    /// When each is to be reset, in nanoseconds.
    private var resetAt: [Int32: UInt64] = [:]

    /// A few round trips across the world: the rest of an ordinary request is there by then.
    private static let patienceNanoseconds: UInt64 = 1_000_000_000

    init(connection: HTTP2CallerConnection) {
        self.connection = connection
    }

    /// The connection is gone.
    func close() {
        self.connection?.environment.deadlines.cancel(self)
        self.connection = nil
        self.resetAt.removeAll()
    }

    /// A stream has been given its answer while its request was still coming.
    func add(_ streamID: Int32, environment: DownstreamEnvironment) {
        let due = environment.clock.now() &+ Self.patienceNanoseconds
        self.resetAt[streamID] = due
        if !self.isScheduled { environment.deadlines.schedule(self, at: due) }
    }

    /// The stream is over.
    func remove(_ streamID: Int32) {
        guard !self.resetAt.isEmpty else { return }
        self.resetAt.removeValue(forKey: streamID)
    }

    override func deadlineReached() {
        guard let connection = self.connection else { return }
        let now = connection.environment.clock.now()
        for (streamID, due) in self.resetAt where due <= now {
            if connection.resetIfAnswered(streamID) {
                self.resetAt.removeValue(forKey: streamID)
            } else {
                // The answer waits to be read; the exchange's own deadline sees to its end.
                self.resetAt[streamID] = now &+ Self.patienceNanoseconds
            }
        }
        if let next = self.resetAt.values.min() { connection.environment.deadlines.schedule(self, at: next) }
    }
}
