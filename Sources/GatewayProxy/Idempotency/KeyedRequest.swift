import GatewayMetrics
import GatewayStore
import GatewayTranslation

/// One request with an idempotency key: claims the key, agrees to what is sent, and records what came of it.
///
///     claiming ──owned──▶ owner ──last target settled──▶ over
///        │  ▲
///        ▼  │ pause over                 done, refused ──▶ over
///      waiting
///
/// Its deadline is the store's time to answer, or the pause before it is asked again. Never blocks, and never waits for
/// a store that does not answer: a claim that is told too late is given back. Confined to its event loop.
final class KeyedRequest: Deadline, SendingPermit {
    /// What the claim came to.
    enum Decision {
        /// Go on, with what is known of an earlier request.
        case go(earlier: EarlierRequest?)
        case refuse(Problem)
    }

    private enum State {
        case idle
        case claiming((Decision) -> Void)
        /// Another request with the key is under way.
        case waiting((Decision) -> Void)
        case owner
        case over
    }

    /// What is being recorded.
    private struct Settlement {
        let target: String
        let outcome: TargetOutcome
        let askedAt: UInt64
        let done: () -> Void
    }

    private let claim: KeyClaim
    private let leaseNanoseconds: UInt64
    private let room: KeyedRequests
    private let waitNanoseconds: UInt64
    private var state = State.idle
    /// When the request gives up waiting for another one.
    private var waitsUntil: UInt64 = 0
    private var pauses = 0
    private var askedAt: UInt64 = 0
    /// Tells the answers to this claim from those to one that was given up.
    private var round = 0
    /// In the loop's monotonic nanoseconds, counted from before the store was asked: never later than the store's own.
    private var leaseEnd: UInt64 = 0
    private var earlier: EarlierRequest?
    /// Targets that are sent to, and have not been settled.
    private var unsettled = 0
    private var settling: [Settlement] = []
    private var sendingTargets: Set<String> = []

    /// The store is asked again so often while another request is under way: soon at first, because most take a
    /// fraction of a second.
    private static let pauseNanoseconds: UInt64 = 50_000_000
    private static let pausesDoubled = 2
    /// The vendor has answered: keeping that is worth waiting for a little, and its caller gets the answer in any case.
    private static let settleNanoseconds: UInt64 = 1_000_000_000
    /// Longer than any exchange takes.
    private static let waitSecondsMax = 300

    init(_ claim: KeyClaim, leaseNanoseconds: UInt64, waitSeconds: Int, room: KeyedRequests) {
        self.claim = claim
        self.leaseNanoseconds = leaseNanoseconds
        self.waitNanoseconds = UInt64(min(max(0, waitSeconds), Self.waitSecondsMax)) * 1_000_000_000
        self.room = room
    }

    /// For the log.
    var recordDigits: UInt64 { self.claim.name.digest.firstWord }
    var earlierRequestID: String? { self.earlier?.requestID }

    // MARK: Claim

    /// - Parameter decide: told once, within the call where the store answers at once. Not after `giveUp`.
    func start(decide: @escaping (Decision) -> Void) {
        self.waitsUntil = self.room.clock.now() &+ self.waitNanoseconds
        self.ask(decide)
    }

    private func ask(_ decide: @escaping (Decision) -> Void) {
        self.state = .claiming(decide)
        self.round += 1
        let round = self.round
        self.askedAt = self.room.clock.now()
        self.leaseEnd = self.askedAt &+ self.leaseNanoseconds
        let result = self.room.store.claim(self.claim, at: self.room.time) {
            let reply = LoopReply<ClaimResult>(to: self.room.eventLoop) { self.claimAnswered($0, round: round) }
            return { reply.send($0) }
        }
        if let result {
            self.claimAnswered(result, round: round)
        } else {
            self.room.deadlines.schedule(self, in: self.patienceNanoseconds)
        }
    }

    private func claimAnswered(_ result: ClaimResult, round: Int) {
        guard case .claiming(let decide) = self.state, round == self.round else {
            if case .owned(let earlier) = result { self.giveBack(earlier) }
            return
        }
        self.room.deadlines.cancel(self)
        // Whoever waits asks again and again, and is one request.
        if case .underWay = result, self.pauses > 0 {} else { self.room.count(result, since: self.askedAt) }
        switch result {
        case .owned(let earlier):
            self.state = .owner
            self.earlier = earlier
            decide(.go(earlier: earlier))
        case .done(let earlier):
            self.state = .over
            self.earlier = earlier
            decide(.go(earlier: earlier))
        case .underWay(let requestID, _):
            self.wait(for: requestID, decide)
        case .reused(let fingerprint, let requestID):
            self.state = .over
            decide(.refuse(.keyReused(fingerprint.differences(from: self.claim.fingerprint), earlier: requestID)))
        case .failed(let failure):
            self.state = .over
            decide(.refuse(.storeFailed(failure)))
        }
    }

    private func wait(for requestID: String, _ decide: @escaping (Decision) -> Void) {
        let now = self.room.clock.now()
        guard now < self.waitsUntil else {
            self.state = .over
            decide(.refuse(.underWay(earlier: requestID)))
            return
        }
        self.state = .waiting(decide)
        let pause = Self.pauseNanoseconds << UInt64(min(self.pauses, Self.pausesDoubled))
        self.pauses += 1
        self.room.deadlines.schedule(self, in: pause)
    }

    override func deadlineReached() {
        switch self.state {
        case .claiming(let decide):
            self.state = .over
            self.room.countTimeOut()
            self.room.countClaim(.failed)
            decide(.refuse(.storeUnavailable()))
        case .waiting(let decide):
            self.ask(decide)
        case .owner, .over:
            // The store does not take what became of the request: the caller gets its answer nonetheless.
            let settling = self.settling
            self.settling = []
            for settlement in settling {
                self.room.countTimeOut()
                self.room.countOutcome(.unrecorded)
                settlement.done()
            }
        case .idle:
            break
        }
    }

    /// Nobody wants the request any more, before it was decided.
    func giveUp() {
        switch self.state {
        case .claiming, .waiting:
            self.room.deadlines.cancel(self)
            self.state = .over
        case .idle, .owner, .over:
            break
        }
    }

    /// A claim that came too late: nothing was sent for it.
    private func giveBack(_ earlier: EarlierRequest?) {
        let taken = self.claim.targets.filter { earlier?[$0]?.stage != .done }
        for target in taken {
            let wasOpen = earlier?[target]?.stage == .sending
            _ = self.room.store.settle(
                self.claim.name, owner: self.claim.owner, target: target, wasOpen ? .open : .released,
                isLast: target == taken.last, at: self.room.time
            ) { { _ in } }
        }
    }

    // MARK: Send

    var patienceNanoseconds: UInt64 { self.room.settings.patienceNanoseconds }

    func vendorKey(for target: String) -> String? { self.room.vendorKey(of: self.claim.name, target: target) }

    /// What is to be done with a target.
    func action(for target: String, _ repeatability: RepetitionRule.Repeatability) -> RepetitionRule.Action {
        RepetitionRule.action(after: self.earlier?[target]?.stage, isOwned: false, repeatability)
    }

    /// What a target was answered before.
    func keptAnswer(of target: String) -> KeptAnswer? {
        self.earlier?[target].flatMap { KeptAnswer(bytes: $0.answer) }
    }

    /// So many targets get a delivery that is settled later.
    func delivers(to count: Int) {
        self.unsettled = count
    }

    func permit(
        _ target: String, endsBy: UInt64, reply: () -> LoopReply<SendingDecision>
    ) -> SendingDecision? {
        guard case .owner = self.state, endsBy &+ KeyedRequests.leaseReserveNanoseconds <= self.leaseEnd else {
            return .refused(.leaseOver(target: target))
        }
        guard !self.claim.startsSending, !self.sendingTargets.contains(target) else { return .granted }
        let askedAt = self.room.clock.now()
        let result = self.room.store.advance(
            self.claim.name, owner: self.claim.owner, target: target, at: self.room.time
        ) {
            let reply = reply()
            let bound = LoopReply<WriteResult>(to: self.room.eventLoop) {
                reply.send(self.decision(on: $0, target, since: askedAt))
            }
            return { bound.send($0) }
        }
        return result.map { self.decision(on: $0, target, since: askedAt) }
    }

    private func decision(on result: WriteResult, _ target: String, since askedAt: UInt64) -> SendingDecision {
        self.room.countAdvance(result, since: askedAt)
        switch result {
        case .written:
            self.sendingTargets.insert(target)
            return .granted
        case .lost: return .refused(.leaseOver(target: target))
        case .failed(let failure): return .refused(.storeFailed(failure, target: target))
        }
    }

    // MARK: Settle

    /// Records what became of a target, where it is one that was sent to.
    ///
    /// - Parameter done: told once, when that is kept, or when it is clear that it cannot be.
    func settle(_ target: String, _ outcome: TargetOutcome, done: @escaping () -> Void) {
        guard case .owner = self.state, self.unsettled > 0 else {
            done()
            return
        }
        self.unsettled -= 1
        let isLast = self.unsettled == 0
        let settlement = Settlement(target: target, outcome: outcome, askedAt: self.room.clock.now(), done: done)
        let result = self.room.store.settle(
            self.claim.name, owner: self.claim.owner, target: target, outcome, isLast: isLast, at: self.room.time
        ) {
            let reply = LoopReply<WriteResult>(to: self.room.eventLoop) { self.settled($0, target) }
            return { reply.send($0) }
        }
        if isLast { self.state = .over }
        if let result {
            self.finish(settlement, result)
        } else {
            self.settling.append(settlement)
            self.room.deadlines.schedule(self, in: max(Self.settleNanoseconds, self.patienceNanoseconds))
        }
    }

    private func settled(_ result: WriteResult, _ target: String) {
        guard let index = self.settling.firstIndex(where: { $0.target == target }) else { return }
        let settlement = self.settling.remove(at: index)
        if self.settling.isEmpty { self.room.deadlines.cancel(self) }
        self.finish(settlement, result)
    }

    private func finish(_ settlement: Settlement, _ result: WriteResult) {
        self.room.count(result, settlement.outcome, since: settlement.askedAt)
        if result == .lost {
            self.room.logger.warning(
                "a repetition has taken over a request that was still under way",
                metadata: ["requestId": "\(self.claim.requestID)", "target": "\(settlement.target)"])
        }
        settlement.done()
    }
}
