import Synchronization

/// How many limits are kept together with other instances, and how many of them are not at the moment. Any thread.
final class SharingCounts: Sendable {
    private struct State {
        var shares: [LimitShare] = []
        /// Decided alone about limits that are no longer in force.
        var retired = 0
    }

    private let state = Mutex(State())

    /// These limits are in force.
    func replace(_ shares: [LimitShare]) {
        self.state.withLock { state in
            let staying = Set(shares.map(ObjectIdentifier.init))
            state.retired += state.shares.filter { !staying.contains(ObjectIdentifier($0)) }.map(\.decidedAlone)
                .reduce(0, +)
            state.shares = shares
        }
    }

    /// Limits of which the store does not answer for, or has not yet.
    var alone: Int { self.state.withLock { $0.shares.count(where: \.isAlone) } }

    /// Requests that were held against this instance's part of a limit, because the store did not answer.
    var decidedAlone: Int {
        self.state.withLock { state in state.retired + state.shares.map(\.decidedAlone).reduce(0, +) }
    }
}
