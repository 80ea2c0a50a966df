/// How many exchanges one event loop has under way, and those of them that nobody else keeps alive.
///
/// Confined to its event loop.
final class ExchangesUnderWay {
    private(set) var count = 0
    /// Those whose callers have gone: their connection has let go of them.
    private var abandoned: [ObjectIdentifier: Exchange] = [:]
    /// Told when one is over.
    var onEnd: () -> Void = {}

    func started() {
        self.count += 1
    }

    func ended() {
        self.count -= 1
        self.onEnd()
    }

    func abandoned(_ exchange: Exchange) {
        self.abandoned[ObjectIdentifier(exchange)] = exchange
    }

    func abandonedEnded(_ exchange: Exchange) {
        self.abandoned.removeValue(forKey: ObjectIdentifier(exchange))
    }

    /// Time is up: those whose callers have gone end with what is known of them.
    func cutAbandoned() {
        for exchange in Array(self.abandoned.values) { exchange.cut() }
    }
}
