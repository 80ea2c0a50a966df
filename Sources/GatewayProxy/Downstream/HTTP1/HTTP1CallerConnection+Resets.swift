/// Requests that are given up as soon as they have been sent: see `CallerConduct`. Over HTTP/1.1 that is the end of the
/// connection.
extension HTTP1CallerConnection {
    /// Lets the request go on whose end has come.
    func requestEnded() {
        guard let exchange = self.exchange, !self.conduct.holds(exchange, address: self.caller) else { return }
        exchange.receiveEnd()
    }

    /// The caller has its answer, or has gone.
    func exchangeEnded() {
        self.memory.set(0)
        guard let exchange = self.exchange else { return }
        self.exchange = nil
        self.answer = nil
        self.openAnswer = nil
        self.traffic.streams.set(0)
        // Whoever goes too far has gone already.
        _ = self.conduct.over(exchange, address: self.caller)
        _ = exchange.callerLeft()
    }
}
