import GatewayMetrics
import NIOCore

/// One worker's connections to one endpoint, and the attempts that wait for them.
///
/// Prefers a connection that is there; dials more only when all are full; beyond the endpoint's limits attempts wait in
/// a queue that is bounded in length (and each by its own deadline), in which every caller's are served in turn. Its
/// deadline ends the pause after a dial that failed. Confined to its worker's event loop.
final class UpstreamPool: Deadline {
    let endpoint: UpstreamEndpoint
    unowned let environment: UpstreamEnvironment
    private(set) var connections: [PooledConnection] = []
    private(set) var dials: [UpstreamDial] = []
    let addresses: UpstreamAddresses
    private var waiting = FairQueue<Attempt>() { didSet { self.queueDepth.set(self.waiting.count) } }
    /// The target's numbers.
    let metrics: MetricShard
    private var queueDepth: GaugeShare
    /// What all attempts together have heard of the vendor.
    var silence = VendorSilence()
    /// Of its connections.
    private var memory: MemoryShare
    private var isDraining = false
    /// What the vendor speaks, as far as the last connection has shown.
    private var version: UpstreamVersion?
    /// A connection is being dialled for those to an address that the vendor's name has lost.
    private var isReplacing = false
    private var vendorAddresses: Set<String> = []
    /// Dials that have failed since the last one that did not.
    private var failuresInARow = 0

    /// A vendor that takes no further connection while others work is asked again after this, then after twice as
    /// long, up to the longest pause: often enough to notice, too seldom to be a burden.
    private static let pauseNanoseconds: UInt64 = 100_000_000
    private static let pauseDoublingsMax = 6
    /// What a connection holds beside libnghttp2's part: OpenSSL's, the channel's and ours.
    private static let connectionBytes = 32 * 1024

    init(endpoint: UpstreamEndpoint, environment: UpstreamEnvironment) {
        self.endpoint = endpoint
        self.environment = environment
        self.memory = MemoryShare(of: environment.memory)
        self.metrics = environment.metrics(at: endpoint)
        self.queueDepth = GaugeShare(.upstreamQueueDepth, of: self.metrics)
        self.addresses = UpstreamAddresses(endpoint: endpoint, environment: environment)
        self.version = endpoint.onlyVersion
        super.init()
        self.addresses.isWatched = { [weak self] in self?.connections.isEmpty == false }
        self.addresses.onRenewal = { [weak self] in self?.addressesRenewed($0) }
    }

    /// Takes an attempt; it is told sooner or later what came of it.
    func submit(_ attempt: Attempt) {
        for connection in self.connections where connection.freeStreams > 0 {
            if connection.send(attempt) { return }
        }
        guard self.waiting.count < self.endpoint.queueMax else {
            guard let displaced = self.waiting.makeRoom(for: attempt.owner) else {
                attempt.failed(.queueFull)
                return
            }
            self.enqueue(attempt)
            displaced.failed(.queueFull)
            return
        }
        self.enqueue(attempt)
    }

    private func enqueue(_ attempt: Attempt) {
        self.waiting.append(attempt, of: attempt.owner)
        attempt.waits(in: self)
        self.dialIfNeeded()
        // While a connection is being made for it its own time-outs count; the queue's is for connections that stay
        // busy.
        if self.waiting.count > self.roomInDials { attempt.queued(limit: self.endpoint.queueTimeoutNanoseconds) }
    }

    /// An attempt is over before it was sent.
    func forget(_ attempt: Attempt) {
        self.waiting.remove(attempt, of: attempt.owner)
    }

    /// Closes what is idle and, as it comes free, the rest.
    func drain() {
        self.isDraining = true
        for connection in self.connections { connection.drain() }
        guard self.waiting.isEmpty else { return }
        for dial in self.dials { dial.cancel() }
        self.dials.removeAll()
    }

    /// How many more attempts would go out at once: on the connections that are there and, over HTTP/1.1, on those that
    /// may still be made. Less than 0 where some wait already.
    var room: Int {
        let free = self.connections.reduce(0) { $0 + $1.freeStreams } - self.waiting.count
        guard self.version == .http1 else { return free }
        return free + max(0, self.endpoint.http1ConnectionsMax - self.connections.count)
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
        self.memory.set(self.connections.count * Self.connectionBytes)
        self.dialIfNeeded()
    }

    /// An attempt has timed out over HTTP/1.1. Connections that have been idle since before it was sent may lead to the
    /// same nowhere, as they do behind a firewall that has forgotten them: nothing but a request would tell, and each
    /// would be lost like this one. Another connection costs a handshake.
    func closeIdle(since moment: UInt64) {
        for connection in self.connections {
            if let idleSince = connection.idleSince, idleSince < moment { connection.close() }
        }
    }

    private func serveWaiting(on connection: PooledConnection) {
        while connection.freeStreams > 0, let (attempt, owner) = self.waiting.popFirst() {
            // A process that was stopped finds its connections before its deadlines when it goes on.
            if attempt.isScheduled, attempt.dueAt < self.environment.clock.now() {
                attempt.deadlineReached()
                continue
            }
            if !connection.send(attempt) {
                self.waiting.putBack(attempt, of: owner)
                return
            }
        }
    }

    // MARK: Dialling

    func dialled(_ dial: UpstreamDial, _ connection: PooledConnection) {
        self.dials.removeAll { $0 === dial }
        self.failuresInARow = 0
        self.environment.deadlines.cancel(self)
        self.logRecovery()
        self.version = connection.version
        self.connections.append(connection)
        self.memory.set(self.connections.count * Self.connectionBytes)
        self.serveWaiting(on: connection)
        self.dropReplaced()
        if self.isDraining, self.waiting.isEmpty { connection.drain() }
        self.dialIfNeeded()
        self.limitWaiting()
    }

    func dialFailed(_ dial: UpstreamDial, _ failure: AttemptFailure) {
        self.dials.removeAll { $0 === dial }
        self.log(failure)
        // Those to the old address still work; the next lookup tries again.
        self.isReplacing = false
        if self.dials.isEmpty, !self.connections.contains(where: { $0.stage == .ready }) {
            // Nobody else can serve those who wait; dialling again is up to their retries.
            let waiting = self.waiting.inTurn
            self.waiting.removeAll()
            // One dial that fails is one failure, however many wait for it.
            for (index, attempt) in waiting.enumerated() { attempt.failed(failure, isShared: index > 0) }
            return
        }
        let pause = Self.pauseNanoseconds << UInt64(min(self.failuresInARow, Self.pauseDoublingsMax))
        self.failuresInARow += 1
        self.environment.deadlines.schedule(self, in: pause)
        self.limitWaiting()
    }

    private func log(_ failure: AttemptFailure) {
        let reason = failure.description
        let now = self.environment.clock.now()
        guard case .tell(let leftOut) = self.endpoint.dialFailures.withLock({ $0.failed(reason, now: now) })
        else { return }
        var metadata = self.environment.description(of: self.endpoint)
        metadata["reason"] = "\(reason)"
        if leftOut > 0 { metadata["leftOut"] = .stringConvertible(leftOut) }
        self.environment.logger.warning("cannot connect to \(self.endpoint.role.title)", metadata: metadata)
    }

    private func logRecovery() {
        let now = self.environment.clock.now()
        guard let recovery = self.endpoint.dialFailures.withLock({ $0.connected(now: now) }) else { return }
        var metadata = self.environment.description(of: self.endpoint)
        metadata["failures"] = .stringConvertible(recovery.count)
        metadata["afterMilliseconds"] = .stringConvertible(Int(clamping: recovery.nanoseconds / 1_000_000))
        self.environment.logger.info("connected to \(self.endpoint.role.title) again", metadata: metadata)
    }

    /// The pause is over.
    override func deadlineReached() {
        self.dialIfNeeded()
    }

    private func dialIfNeeded() {
        // Asked again each time: a dial may fail as soon as it starts, and those who waited for it are gone then.
        while !self.waiting.isEmpty, !self.isScheduled, self.dials.count < self.dialsWanted {
            self.dial()
        }
    }

    private func dial() {
        let dial = self.environment.makeDial(self)
        self.dials.append(dial)
        dial.start()
    }

    /// HTTP/2: one at a time, because the attempts that come while it is dialled share it. HTTP/1.1: one for each that
    /// waits.
    private var dialsWanted: Int {
        let usable = self.connections.count { $0.stage == .ready && !$0.isSuspect }
        switch self.version {
        case .http2, nil: return usable < self.endpoint.connectionsMax ? 1 : 0
        case .http1: return min(self.waiting.count, self.endpoint.http1ConnectionsMax - usable)
        }
    }

    /// How many attempts the connections that are being made will take.
    private var roomInDials: Int {
        self.dials.count * (self.version == .http1 ? 1 : self.endpoint.streamsMax)
    }

    /// Those who wait for what is there already, and not for a connection in the making, wait for a limited time.
    private func limitWaiting() {
        guard self.waiting.count > self.roomInDials else { return }
        for attempt in self.waiting.inTurn.dropFirst(self.roomInDials) {
            attempt.queued(limit: self.endpoint.queueTimeoutNanoseconds)
        }
    }

    // MARK: A vendor that moves

    /// The vendor's name was looked up again. What leads elsewhere is replaced before it is drained: the new address
    /// may not work yet, and nobody is to wait for a handshake meanwhile. A name that is answered with a part of many
    /// addresses, a different one each time, costs a connection a lifetime in this way, and no more.
    private func addressesRenewed(_ addresses: Set<String>) {
        self.vendorAddresses = addresses
        guard self.connections.contains(where: self.isReplaceable), !self.isDraining else { return }
        self.isReplacing = true
        if self.dials.isEmpty { self.dial() }
    }

    private func isReplaceable(_ connection: PooledConnection) -> Bool {
        guard connection.stage == .ready, let address = connection.address else { return false }
        return !self.vendorAddresses.contains(address)
    }

    private func dropReplaced() {
        guard self.isReplacing else { return }
        self.isReplacing = false
        for connection in self.connections where self.isReplaceable(connection) { connection.drain() }
    }
}
