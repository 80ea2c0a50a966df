import Synchronization

/// Where workers leave the exchanges that are over for whoever watches: nothing, while nobody does.
///
/// Bounded: between two looks it keeps so many bytes of lines; what comes beyond them is left out and counted. Any
/// thread; the lock is taken by workers only while somebody watches.
final class ExchangeWatch: Sendable {
    private struct State {
        var waiting: [WatchedExchange] = []
        var bytes = 0
        var leftOut = 0
    }

    /// Two thousand lines in the tenth of a second between two looks: more than anybody reads.
    private static let bytesMax = 1 << 20

    private let isOpenNow = Atomic<Bool>(false)
    private let state = Mutex(State())
    private let bytesMax: Int

    init(bytesMax: Int = ExchangeWatch.bytesMax) {
        self.bytesMax = bytesMax
    }

    /// Whether somebody watches.
    var isOpen: Bool { self.isOpenNow.load(ordering: .relaxed) }

    func open() {
        self.isOpenNow.store(true, ordering: .relaxed)
    }

    /// Nobody watches any more: what still waits is thrown away.
    func close() {
        self.isOpenNow.store(false, ordering: .relaxed)
        self.state.withLock { $0 = State() }
    }

    func append(_ exchange: WatchedExchange) {
        self.state.withLock { state in
            guard state.bytes + exchange.line.count <= self.bytesMax else {
                state.leftOut += 1
                return
            }
            state.bytes += exchange.line.count
            state.waiting.append(exchange)
        }
    }

    /// What has come since the last look, in the order of its coming, and how many found no room.
    func take() -> (exchanges: [WatchedExchange], leftOut: Int) {
        self.state.withLock { state in
            defer { state = State() }
            return (state.waiting, state.leftOut)
        }
    }
}
