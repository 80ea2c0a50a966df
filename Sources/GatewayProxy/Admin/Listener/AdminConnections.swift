import Logging
import NIOCore

/// The operators' connections, and who of them gives way to whom. Confined to the admin listener's event loop.
///
/// Every connection is waiting for its operator: to send a request, or to read an answer. Where there are too many, or
/// where they hold too much, the one that has been waited for longest is closed: a health check, which asks at once and
/// is answered at once, always finds room.
final class AdminConnections {
    let limits: AdminLimits
    private let logger: Logger
    /// At most `limits.connections`: few enough to look at all.
    private var open: [ObjectIdentifier: AdminConnection] = [:]
    private var toldAt: NIODeadline?

    /// So that a flood of connections is no flood of log lines.
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

    /// - Returns: false where there is nobody else.
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
