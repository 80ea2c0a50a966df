import GatewayTranslation
import NIOHTTP1

@testable import GatewayProxy

/// A vendor without sockets: a test says what becomes of each dial, and answers each attempt by hand.
final class FakeVendor {
    /// Every dial that a pool has begun, in order.
    private(set) var dials: [Dial] = []

    /// To be given to a worker.
    var makeDial: (UpstreamPool) -> UpstreamDial {
        { pool in
            let dial = Dial(pool: pool)
            self.dials.append(dial)
            return dial
        }
    }

    /// The dials that nothing has become of yet.
    var pending: [Dial] { self.dials.filter { $0.isStarted && !$0.isOver } }

    /// The first pending dial succeeds.
    @discardableResult
    func accept(_ streamsMax: Int = 100, version: UpstreamVersion = .http2, address: String? = nil) -> Connection? {
        self.pending.first?.accept(streamsMax, version: version, address: address)
    }

    final class Dial: UpstreamDial {
        private(set) var isStarted = false
        private(set) var isOver = false

        override func start() { self.isStarted = true }
        override func cancel() { self.isOver = true }

        func accept(
            _ streamsMax: Int = 100, version: UpstreamVersion = .http2, address: String? = nil
        ) -> Connection {
            let connection = Connection(
                pool: self.pool, streamsMax: version == .http1 ? 1 : streamsMax, version: version, address: address)
            self.isOver = true
            self.pool.dialled(self, connection)
            return connection
        }

        func fail(_ failure: AttemptFailure = .notConnected(reason: "refused")) {
            self.isOver = true
            self.pool.dialFailed(self, failure)
        }
    }

    final class Connection: PooledConnection {
        private var streamsMax: Int
        private let spoken: UpstreamVersion
        /// What has been sent on it and not ended, oldest first.
        private(set) var attempts: [Attempt] = []
        /// Everything that was ever sent on it.
        private(set) var requests: [UpstreamRequest] = []

        init(pool: UpstreamPool, streamsMax: Int, version: UpstreamVersion, address: String?) {
            self.streamsMax = streamsMax
            self.spoken = version
            super.init(
                pool: pool, traffic: UpstreamTraffic(metrics: pool.metrics, startedAt: 0), address: address)
        }

        override var version: UpstreamVersion { self.spoken }

        /// Since when it is idle, where a test says so.
        var idle: UInt64?
        override var idleSince: UInt64? { self.idle }

        override var freeStreams: Int {
            self.stage == .ready && !self.isSuspect ? self.streamsMax - self.attempts.count : 0
        }

        override func send(_ attempt: Attempt) -> Bool {
            guard self.freeStreams > 0 else { return false }
            self.attempts.append(attempt)
            self.requests.append(attempt.request)
            attempt.sent(on: self, streamID: Int32(self.requests.count))
            return true
        }

        override func suspect(sentAt _: UInt64) { self.isSuspect = true }

        override func drain() {
            guard self.stage == .ready else { return }
            self.stage = .draining
            if self.attempts.isEmpty { self.close() }
        }

        override func close() {
            guard self.stage != .closed else { return }
            self.stage = .closed
            let attempts = self.attempts
            self.attempts.removeAll()
            self.pool.connectionClosed(self)
            for attempt in attempts { attempt.ended(because: "the connection was closed") }
        }

        /// Answers the oldest attempt.
        func answer(_ status: Int = 200, body: String = "", etag: String? = nil, retryAfter: String? = nil) {
            guard !self.attempts.isEmpty else { return }
            let attempt = self.attempts.removeFirst()
            var fields: [(String, String)] = []
            if let etag { fields.append(("etag", etag)) }
            if let retryAfter { fields.append(("retry-after", retryAfter)) }
            _ = self.environment.storage.receivedFields.deliver(HTTPHeaders(fields)) {
                attempt.received(status: status, fields: $0)
            }
            Array(body.utf8).withUnsafeBytes { attempt.received(body: $0) }
            attempt.receivedEnd()
            self.free()
        }

        /// Ends the oldest attempt without an answer.
        func end(_ failure: AttemptFailure) {
            guard !self.attempts.isEmpty else { return }
            self.attempts.removeFirst().failed(failure)
            self.free()
        }

        private func free() {
            switch self.stage {
            case .ready: self.pool.streamFreed(on: self)
            case .draining: if self.attempts.isEmpty { self.close() }
            case .closed: break
            }
        }
    }
}
