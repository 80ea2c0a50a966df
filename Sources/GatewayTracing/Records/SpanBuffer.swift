import Synchronization

/// The spans of one worker that wait to be sent: a fixed number of records at most, and all of an exchange or none.
/// Whoever adds never waits for whoever sends: what finds no room is dropped and counted.
///
/// Any thread; the lock is held while records are copied.
package final class SpanBuffer: Sendable {
    private struct State {
        var waiting: [SpanRecord] = []
        var dropped = 0
    }

    /// A second of some thousand kept exchanges.
    package static let recordsMax = 8192

    private let recordsMax: Int
    private let state: Mutex<State>

    package init(recordsMax: Int = SpanBuffer.recordsMax) {
        self.recordsMax = recordsMax
        self.state = Mutex(State())
    }

    /// Adds the spans of one exchange.
    package func append(_ records: [SpanRecord]) {
        self.state.withLock { state in
            guard state.waiting.count + records.count <= self.recordsMax else {
                state.dropped += records.count
                return
            }
            state.waiting.append(contentsOf: records)
        }
    }

    /// How many have been dropped since the start.
    package var dropped: Int { self.state.withLock { $0.dropped } }

    /// Up to `countMax` records, the oldest first.
    func take(_ countMax: Int) -> [SpanRecord] {
        self.state.withLock { state in
            let taken = Array(state.waiting.prefix(countMax))
            state.waiting.removeFirst(taken.count)
            return taken
        }
    }
}
