import GatewayHTTP2

/// The streams of one connection that were answered before their request had come to its end.
///
/// What still comes on them is taken and thrown away within the bounds of `UnwantedRest`, with credit for what follows,
/// so that a client that sends all before it reads comes to its end and to its answer. What goes beyond is reset
/// without an error, which RFC 9113 section 8.1 has for it: a client that reads while it sends knows then that we have
/// all we need. Confined to its worker's event loop; does nothing once its connection is gone.
final class EarlyAnswers: Deadline {
    /// Given up when the connection is gone. (A weak reference would make every use of the connection slower.)
    private var connection: HTTP2CallerConnection?
    private var rests: [Int32: UnwantedRest] = [:]

    init(connection: HTTP2CallerConnection) {
        self.connection = connection
    }

    /// The connection is gone.
    func close() {
        self.connection?.environment.deadlines.cancel(self)
        self.connection = nil
        self.rests.removeAll()
    }

    /// A stream has been given its answer while its request was still coming.
    func add(_ streamID: Int32, environment: DownstreamEnvironment) {
        let rest = UnwantedRest(
            answeredAt: environment.clock.now(), limit: environment.limits.bodyTimeoutNanoseconds)
        self.rests[streamID] = rest
        if !self.isScheduled { environment.deadlines.schedule(self, at: rest.dueAt) }
    }

    /// The stream is over.
    func remove(_ streamID: Int32) {
        guard !self.rests.isEmpty else { return }
        self.rests.removeValue(forKey: streamID)
    }

    /// `count` bytes have come that nobody wants; whether the caller gets credit for as many more on this stream.
    func discard(_ count: Int, of streamID: Int32) -> Bool {
        guard let connection = self.connection, var rest = self.rests[streamID] else { return false }
        guard rest.take(count, now: connection.environment.clock.now()) else {
            if connection.resetIfAnswered(streamID) { self.rests.removeValue(forKey: streamID) }
            return false
        }
        self.rests[streamID] = rest
        return true
    }

    override func deadlineReached() {
        guard let connection = self.connection else { return }
        let now = connection.environment.clock.now()
        // An answer that is not out yet waits to be read; the exchange's own deadline sees to its end.
        var next = now &+ UnwantedRest.pauseNanoseconds
        for (streamID, rest) in self.rests {
            if rest.dueAt > now {
                next = min(next, rest.dueAt)
            } else if connection.resetIfAnswered(streamID) {
                self.rests.removeValue(forKey: streamID)
            }
        }
        if !self.rests.isEmpty { connection.environment.deadlines.schedule(self, at: next) }
    }
}
