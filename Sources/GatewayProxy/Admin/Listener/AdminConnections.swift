import Logging
import NIOCore

/// The operators' open connections; decides which of them is closed when there are too many.
///
/// The gateway always waits for the peer of a connection: to send a request, or to read an answer. When there are too
/// many connections, or too many bytes of unread answers, the one that has kept the gateway waiting longest is closed.
/// So there is always room for a health check, which asks at once and reads at once. Confined to the admin listener's
/// event loop.
final class AdminConnections {
    let limits: AdminLimits
    private let logger: Logger
    /// At most `limits.connections`: few enough to search.
    private var open: [ObjectIdentifier: AdminConnection] = [:]
    private var toldAt: NIODeadline?

    /// At most one log line in this time, so that a flood of connections does not flood the log.
    private static let quietTime = TimeAmount.seconds(60)

    init(limits: AdminLimits = AdminLimits(), logger: Logger) {
        self.limits = limits
        self.logger = logger
    }

    func opened(_ connection: AdminConnection) {
        self.open[ObjectIdentifier(connection)] = connection
        while self.open.count > self.limits.connections {
            guard self.slowestGivesWay(to: connection, where: { _ in true }) else { return }
        }
    }

    func closed(_ connection: AdminConnection) {
        self.open.removeValue(forKey: ObjectIdentifier(connection))
    }

    /// Called before an answer of `bytes` is written to `connection`.
    func makeRoom(for bytes: Int, of connection: AdminConnection) {
        while self.unreadBytes + bytes > self.limits.unreadBytes {
            guard self.slowestGivesWay(to: connection, where: { $0.unreadBytes > 0 }) else { return }
        }
    }

    private var unreadBytes: Int { self.open.values.reduce(0) { $0 + $1.unreadBytes } }

    /// - Returns: false if there is no other connection to close.
    private func slowestGivesWay(
        to connection: AdminConnection, where isMeant: (AdminConnection) -> Bool
    ) -> Bool {
        let others = self.open.values.filter { $0 !== connection && isMeant($0) }
        guard let slowest = others.min(by: { $0.waitsSince < $1.waitsSince }) else { return false }
        self.tell(now: connection.waitsSince)
        slowest.giveWay()
        self.closed(slowest)
        return true
    }

    private func tell(now: NIODeadline) {
        if let toldAt = self.toldAt, now - toldAt < Self.quietTime { return }
        self.toldAt = now
        self.logger.warning(
            "an operator's connection gave way to a newer one",
            metadata: ["connections": "\(self.open.count)", "unreadBytes": "\(self.unreadBytes)"])
    }
}
