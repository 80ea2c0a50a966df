import Synchronization

/// What connections to one server have left for the next ones to resume, shared by all event loops.
///
/// One for each server *and* each way of verifying it: a resumed connection trusts what the first one verified. The
/// lock is held for a few instructions, and only around handshakes.
package final class TLSSessions: Sendable {
    /// A server gives a ticket or two for each connection, and a connection takes one: enough for all workers to dial
    /// at once, some kilobytes each.
    package static let countMax = 16

    private let sessions = Mutex<[TLSSession]>([])

    package init() {}

    /// How many are there.
    package var count: Int { self.sessions.withLock { $0.count } }

    /// The newest: the server is most likely to remember it.
    func take() -> TLSSession? {
        self.sessions.withLock { sessions in
            while let session = sessions.popLast() {
                // OpenSSL gives one up whose connection has broken.
                if session.isResumable { return session }
            }
            return nil
        }
    }

    func keep(_ session: TLSSession) {
        guard session.isResumable else { return }
        self.sessions.withLock { sessions in
            if sessions.count >= Self.countMax { sessions.removeFirst() }
            sessions.append(session)
        }
    }
}
