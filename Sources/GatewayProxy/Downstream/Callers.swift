/// The connections of callers on one event loop.
///
/// Confined to its event loop.
final class Callers {
    private var connections: [ObjectIdentifier: any CallerConnection] = [:]
    private var isDraining = false
    /// How long a connection with requests under way is not told that it ends.
    private(set) var noticeDelayNanoseconds: UInt64 = 0
    /// Nearly all updates are over by then; a restart must not take much longer because of those that never end.
    private static let noticeDelayMax: UInt64 = 5_000_000_000
    /// Told when one has gone.
    var onClose: () -> Void = {}

    var isEmpty: Bool { self.connections.isEmpty }
    var count: Int { self.connections.count }

    func opened(_ connection: any CallerConnection) {
        self.connections[ObjectIdentifier(connection)] = connection
        // One of the last from the backlog: what it has sent already is answered.
        if self.isDraining { connection.drain() }
    }

    /// What `beginning` was is `connection` from now on: the same connection, whose protocol is known.
    func replace(_ beginning: ProtocolChooser, by connection: any CallerConnection) {
        self.connections.removeValue(forKey: ObjectIdentifier(beginning))
        self.connections[ObjectIdentifier(connection)] = connection
    }

    func closed(_ connection: any CallerConnection) {
        self.connections.removeValue(forKey: ObjectIdentifier(connection))
        self.onClose()
    }

    /// Begins the graceful end of all, and of those that come later.
    ///
    /// - Parameter nanoseconds: how long that may take. Half of it at most is left to those that have not been told.
    func drain(within nanoseconds: UInt64) {
        self.isDraining = true
        self.noticeDelayNanoseconds = min(nanoseconds / 2, Self.noticeDelayMax)
        for connection in Array(self.connections.values) { connection.drain() }
    }

    /// Begins the graceful end of all that are there, but not of those that come later: they are to come again.
    func renew() {
        for connection in Array(self.connections.values) { connection.drain() }
    }

    /// Time is up: what is under way is answered with what is known of it.
    func cut() {
        for connection in Array(self.connections.values) { connection.cut() }
    }

    func forEachRequest(_ body: (CallerRequest) -> Void) {
        for connection in self.connections.values { connection.forEachRequest(body) }
    }

    func close() {
        for connection in Array(self.connections.values) { connection.close() }
    }
}
