import GatewayMetrics
import NIOCore

/// One worker's connections to one endpoint, and the attempts that wait for them.
///
/// Prefers a connection that is there; dials more only when all are full; beyond the endpoint's limits attempts wait in
/// a queue that is bounded in length (and each by its own deadline). Its deadline ends the pause after a dial that
/// failed. Confined to its worker's event loop.
final class UpstreamPool: Deadline {
    let endpoint: UpstreamEndpoint
    unowned let worker: Worker
    private(set) var connections: [PooledConnection] = []
    private(set) var dials: [UpstreamDial] = []
    private var waiting: CircularBuffer<Attempt> = [] { didSet { self.queueDepth.set(self.waiting.count) } }
    /// The target's numbers.
    let metrics: MetricShard
    private var queueDepth: GaugeShare
    private var isDraining = false
    /// Dials that have failed since the last one that did not.
    private var failuresInARow = 0

    /// A vendor that takes no further connection while others work is asked again after this, then after twice as
    /// long, up to the longest pause: often enough to notice, too seldom to be a burden.
    private static let pauseNanoseconds: UInt64 = 100_000_000
    private static let pauseDoublingsMax = 6

    init(endpoint: UpstreamEndpoint, worker: Worker) {
        self.endpoint = endpoint
        self.worker = worker
        self.metrics = worker.ledger.target(worker.targets.targetName(reachedAt: endpoint))
        self.queueDepth = GaugeShare(.upstreamQueueDepth, of: self.metrics)
    }

    /// Takes an attempt; it is told sooner or later what came of it.
    func submit(_ attempt: Attempt) {
        for connection in self.connections where connection.freeStreams > 0 {
            if connection.send(attempt) { return }
        }
        guard self.waiting.count < self.endpoint.queueMax else {
            attempt.failed(.queueFull)
            return
        }
        self.waiting.append(attempt)
        attempt.waits(in: self)
        self.dialIfNeeded()
        // While a connection is being made for it its own time-outs count; the queue's is for connections that stay busy.
        if self.waiting.count > self.roomInDials { attempt.queued(limit: self.endpoint.queueTimeoutNanoseconds) }
    }

    /// An attempt is over before it was sent.
    func forget(_ attempt: Attempt) {
        self.waiting.removeAll { $0 === attempt }
    }

    /// Closes what is idle and, as it comes free, the rest.
    func drain() {
        self.isDraining = true
        for connection in self.connections { connection.drain() }
        guard self.waiting.isEmpty else { return }
        for dial in self.dials { dial.cancel() }
        self.dials.removeAll()
    }

    // MARK: Told by the connections

    func streamFreed(on connection: PooledConnection) {
        self.serveWaiting(on: connection)
    }

    func connectionDraining(_: PooledConnection) {
        self.dialIfNeeded()
    }

    func connectionClosed(_ connection: PooledConnection) {
        self.connections.removeAll { $0 === connection }
        self.dialIfNeeded()
    }

    private func serveWaiting(on connection: PooledConnection) {
        while connection.freeStreams > 0, let attempt = self.waiting.popFirst() {
            if !connection.send(attempt) {
                self.waiting.prepend(attempt)
                return
            }
        }
    }

    // MARK: Dialling

    func dialled(_ dial: UpstreamDial, _ connection: PooledConnection) {
        self.dials.removeAll { $0 === dial }
        self.failuresInARow = 0
        self.worker.cancel(self)
        self.connections.append(connection)
        self.serveWaiting(on: connection)
        if self.isDraining, self.waiting.isEmpty { connection.drain() }
        self.dialIfNeeded()
        self.limitWaiting()
    }

    func dialFailed(_ dial: UpstreamDial, _ failure: AttemptFailure) {
        self.dials.removeAll { $0 === dial }
        if self.dials.isEmpty, !self.connections.contains(where: { $0.stage == .ready }) {
            // Nobody else can serve those who wait; dialling again is up to their retries.
            let waiting = self.waiting
            self.waiting.removeAll()
            for attempt in waiting { attempt.failed(failure) }
            return
        }
        let pause = Self.pauseNanoseconds << UInt64(min(self.failuresInARow, Self.pauseDoublingsMax))
        self.failuresInARow += 1
        self.worker.schedule(self, in: pause)
        self.limitWaiting()
    }

    /// The pause is over.
    override func deadlineReached() {
        self.dialIfNeeded()
    }

    private func dialIfNeeded() {
        // Asked again each time: a dial may fail as soon as it starts, and those who waited for it are gone then.
        while !self.waiting.isEmpty, !self.isScheduled, self.dials.count < self.dialsWanted {
            let dial = self.worker.makeDial(self)
            self.dials.append(dial)
            dial.start()
        }
    }

    /// One at a time: the attempts that come while it is dialled share it.
    private var dialsWanted: Int {
        let usable = self.connections.count { $0.stage == .ready && !$0.isSuspect }
        return usable < self.endpoint.connectionsMax ? 1 : 0
    }

    /// How many attempts the connections that are being made will take.
    private var roomInDials: Int { self.dials.count * self.endpoint.streamsMax }

    /// Those who wait for what is there already, and not for a connection in the making, wait for a limited time.
    private func limitWaiting() {
        for attempt in self.waiting.dropFirst(self.roomInDials) {
            attempt.queued(limit: self.endpoint.queueTimeoutNanoseconds)
        }
    }
}
