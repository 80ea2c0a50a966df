import GatewayHTTP2

/// Requests that are reset as soon as they have been sent: see `RapidResets` and `SuspectAddresses`.
extension HTTP2CallerConnection {
    /// Lets the requests go on whose end has come. Not before the whole read has been looked at: one that is reset in
    /// the same read was never meant, and no vendor hears of it.
    func takeEnded(now: UInt64) {
        guard !self.ended.isEmpty else { return }
        for streamID in self.ended {
            guard let exchange = self.exchanges[streamID] else { continue }
            exchange.endedAt = now
            exchange.receiveEnd()
        }
        self.ended.removeAll(keepingCapacity: true)
    }

    /// A request was given up before it had an answer: at once, and again and again, it is an attack.
    func countReset(of exchange: CallerRequest) {
        let now = self.environment.clock.now()
        // One that was reset in the read in which it came to its end is the youngest there is.
        let age = exchange.endedAt > 0 ? now &- exchange.endedAt : 0
        guard exchange.hasReceivedEnd, self.rapidResets.reset(age: age) else { return }
        self.environment.suspects.noteReset(self.caller, now: now)
        if self.rapidResets.isTooMuch || self.environment.suspects.isSuspect(self.caller, now: now) {
            self.fail(.peerExceeded(.resets))
        }
    }

    /// Streams that a connection from a suspect address may have open before it has taken an answer; with each answer
    /// there may be one more.
    private static let suspectStreamsMax = 4

    var isHeldBack: Bool {
        self.exchanges.count >= Self.suspectStreamsMax + self.rapidResets.answers
            && self.environment.suspects.isSuspect(self.caller, now: self.environment.clock.now())
    }
}
