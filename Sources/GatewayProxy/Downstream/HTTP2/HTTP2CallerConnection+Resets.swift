import GatewayHTTP2

/// Requests that are reset as soon as they have been sent: see `CallerConduct`.
extension HTTP2CallerConnection {
    /// Lets the requests go on whose end has come. Not before the whole read has been looked at: one that is reset in
    /// the same read was never meant, and no vendor hears of it.
    func takeEnded(now: UInt64) {
        guard !self.ended.isEmpty else { return }
        for streamID in self.ended {
            guard let exchange = self.exchanges[streamID] else { continue }
            exchange.endedAt = now
            if !self.conduct.holds(exchange, address: self.caller) { exchange.receiveEnd() }
        }
        self.ended.removeAll(keepingCapacity: true)
    }
}
