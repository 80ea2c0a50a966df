import GatewayMetrics
import NIOCore

/// Where the attempts of one event loop for one target are let in, or wait: everybody's in turn.
///
/// The health that decides is that of all workers. What another worker's attempts leave free is noticed within
/// `pollNanoseconds`. Confined to its event loop.
final class TargetGate {
    enum Decision: Equatable {
        case go
        /// What becomes of it decides whether the target is asked as ever again.
        case probe
        /// It is told later, or gives up at this moment.
        case wait(until: UInt64)
        case refuse(GateRefusal)
    }

    /// Workers do not wake each other: a hundredth of a second is short beside any vendor's answer.
    private static let pollNanoseconds: UInt64 = 10_000_000

    let health: TargetHealth
    private let eventLoop: any EventLoop
    private let clock: LoopClock
    private var random: LoopRandom
    private var waiting = FairQueue<GateWaiter>() { didSet { self.depth.set(self.waiting.count) } }
    private var depth: GaugeShare
    private var isServing = false
    private var wake: (at: UInt64, task: Scheduled<Void>)?

    init(
        health: TargetHealth, eventLoop: any EventLoop, clock: LoopClock, random: LoopRandom, metrics: MetricShard
    ) {
        self.health = health
        self.eventLoop = eventLoop
        self.clock = clock
        self.random = random
        self.depth = GaugeShare(.gateQueueDepth, of: metrics)
    }

    /// - Parameters:
    ///   - owner: whose turn it takes.
    ///   - deadline: when the attempt would be over in any case.
    func enter(_ waiter: GateWaiter, of owner: QueueOwner, deadline: UInt64) -> Decision {
        let now = self.clock.now()
        guard self.waiting.isEmpty else { return self.join(waiter, of: owner, deadline: deadline, now: now) }
        switch self.admission(now: now) {
        case .go: return .go
        case .probe: return .probe
        case .open(let until):
            return .refuse(.leftAlone(nanoseconds: until &- min(now, until)))
        case .paused(let until, let reason):
            let refusal = GateRefusal.paused(nanoseconds: until &- min(now, until), reason)
            guard until < deadline else { return .refuse(refusal) }
            return self.wait(waiter, of: owner, until: deadline, lookAgainAt: until, else: refusal)
        case .full:
            return self.wait(
                waiter, of: owner, until: min(deadline, now &+ self.health.settings.queueTimeoutNanoseconds),
                lookAgainAt: now &+ Self.pollNanoseconds, else: .queueFull)
        }
    }

    /// Behind those who wait already.
    private func join(
        _ waiter: GateWaiter, of owner: QueueOwner, deadline: UInt64, now: UInt64
    ) -> Decision {
        if let until = self.health.isLeftAlone(now: now) { return .refuse(.leftAlone(nanoseconds: until &- now)) }
        let interval = self.health.intervalNanoseconds
        let (pausedUntil, reason) = self.health.paused
        let turn = max(pausedUntil, now) &+ UInt64(self.waiting.count) &* interval
        let isPlanned = pausedUntil > now || interval > 0
        let refusal = isPlanned ? GateRefusal.paused(nanoseconds: turn &- now, reason) : .queueFull
        guard turn < deadline else { return .refuse(refusal) }
        return self.wait(
            waiter, of: owner,
            until: isPlanned ? deadline : min(deadline, now &+ self.health.settings.queueTimeoutNanoseconds),
            lookAgainAt: turn, else: refusal)
    }

    private func admission(now: UInt64) -> TargetHealth.Admission {
        self.health.admit(now: now) { Double.random(in: 0..<1, using: &self.random) }
    }

    private func wait(
        _ waiter: GateWaiter, of owner: QueueOwner, until limit: UInt64, lookAgainAt moment: UInt64,
        else refusal: GateRefusal
    ) -> Decision {
        if self.waiting.count >= self.health.settings.queueMax {
            guard let displaced = self.waiting.makeRoom(for: owner) else { return .refuse(refusal) }
            displaced.gateShut(refusal)
        }
        self.waiting.append(waiter, of: owner)
        // Not from here: it is told that it waits before it is let in.
        self.wake(at: moment)
        return .wait(until: limit)
    }

    /// It waits no more.
    ///
    /// - Returns: what has kept it waiting.
    @discardableResult
    func leave(_ waiter: GateWaiter, of owner: QueueOwner) -> GateRefusal {
        self.waiting.remove(waiter, of: owner)
        let now = self.clock.now()
        let report = self.health.report(now: now)
        if let open = report.open { return .leftAlone(nanoseconds: open.untilProbeNanoseconds) }
        if let pause = report.pause { return .paused(nanoseconds: pause.nanoseconds, pause.reason) }
        let interval = self.health.intervalNanoseconds
        return interval > 0 ? .paused(nanoseconds: interval, .rate) : .queueTimedOut
    }

    // MARK: After an attempt

    /// It was let in and came to nothing before it was sent.
    func withdrawn() {
        self.health.withdrawn()
        if !self.waiting.isEmpty { self.serve() }
    }

    func ended(_ signal: AttemptSignal, isProbe: Bool, sentAt: UInt64) -> TargetHealth.Change {
        let change = self.health.ended(signal, isProbe: isProbe, sentAt: sentAt, now: self.clock.now()) {
            Double.random(in: 0..<1, using: &self.random)
        }
        if !self.waiting.isEmpty { self.serve() }
        return change
    }

    // MARK: Those who wait

    private func serve() {
        // Whoever is let in may be over at once, and come back here.
        guard !self.isServing else { return }
        self.isServing = true
        defer { self.isServing = false }
        while let (waiter, owner) = self.waiting.popFirst() {
            let now = self.clock.now()
            switch self.admission(now: now) {
            case .go: waiter.gateOpened(isProbe: false)
            case .probe: waiter.gateOpened(isProbe: true)
            case .open(let until): waiter.gateShut(.leftAlone(nanoseconds: until &- min(now, until)))
            case .paused(let until, _):
                self.waiting.putBack(waiter, of: owner)
                self.wake(at: until)
                return
            case .full:
                self.waiting.putBack(waiter, of: owner)
                self.wake(at: now &+ Self.pollNanoseconds)
                return
            }
        }
    }

    private func wake(at moment: UInt64) {
        if let wake = self.wake {
            guard moment < wake.at else { return }
            wake.task.cancel()
        }
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        let task = self.eventLoop.scheduleTask(deadline: .uptimeNanoseconds(moment)) {
            bound.value.wake = nil
            bound.value.serve()
        }
        self.wake = (moment, task)
    }
}
