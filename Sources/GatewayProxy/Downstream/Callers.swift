/// The connections of callers on one event loop.
///
/// Confined to its event loop.
final class Callers {
    private var connections: [ObjectIdentifier: any CallerConnection] = [:]
    private var isDraining = false
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
    func drain() {
        self.isDraining = true
        for connection in Array(self.connections.values) { connection.drain() }
    }

    /// Time is up: what is under way is answered with what is known of it.
    func cut() {
        for connection in Array(self.connections.values) { connection.cut() }
    }

    func close() {
        for connection in Array(self.connections.values) { connection.close() }
    }
}
