import GatewayStore
import NIOCore

/// Keeps limits and pauses together with other instances: reports to the store, in the background, what this one has
/// let in and what vendors have told it, and learns what the others have.
///
/// No request waits for it. A limit is reported as soon as a quarter of its lease is used, and within a tenth of a
/// second; what nobody uses is not reported. Where the store does not answer, limits are kept alone until it does.
///
/// Confined to its event loop. A worker's: a turn looks at some atomic words.
final class LimitSharing {
    /// What is known of one limit's reports.
    private final class Member {
        let rate: CellRate
        let share: LimitShare
        /// Of the last report, or when there was none to make.
        var sentAt: UInt64 = 0
        /// Under way.
        var reported: Int?

        init(_ rate: CellRate, _ share: LimitShare) {
            self.rate = rate
            self.share = share
        }
    }

    /// A target's pauses.
    private final class Pausing {
        let name: String
        let health: TargetHealth
        var isAsking = false

        init(_ name: String, _ health: TargetHealth) {
            self.name = name
            self.health = health
        }
    }

    private let store: any LimitStore
    private let counts: SharingCounts
    private let report: (StoreFailure?) -> Void
    private var members: [Member] = []
    private var pausing: [Pausing] = []
    private var pausesAskedAt: UInt64 = 0
    private var lastTurn: UInt64 = 0
    private var failure: (StoreFailure, since: UInt64)?
    private var isReported = false
    private var timer: RepeatedTask?

    /// A store that takes longer than a lease lasts does not serve.
    private static let patienceNanoseconds = LimitShare.leaseNanoseconds
    /// A failure that is over sooner is nobody's concern: the first connection takes a moment.
    private static let graceNanoseconds: UInt64 = 500_000_000
    /// Other instances learn of a pause within this time.
    private static let pausesNanoseconds: UInt64 = 100_000_000

    /// - Parameters:
    ///   - counts: read by other threads.
    ///   - report: told when the store stops to serve, and with nil when it serves again.
    init(store: any LimitStore, counts: SharingCounts, report: @escaping (StoreFailure?) -> Void) {
        self.store = store
        self.counts = counts
        self.report = report
    }

    /// Begins to look at what there is to report.
    func start(on eventLoop: any EventLoop) {
        let turn = TimeAmount.nanoseconds(Int64(clamping: LimitShare.turnNanoseconds))
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        self.timer = eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: turn) { _ in
            bound.value.turn(now: NIODeadline.now().uptimeNanoseconds)
        }
    }

    func close() {
        self.timer?.cancel()
        self.timer = nil
        self.store.close()
    }

    /// These limits and targets are in force. What is known of those that were before goes on.
    func replace(rates: [CellRate], targets: [(name: String, health: TargetHealth)]) {
        let known = Dictionary(
            self.members.map { (ObjectIdentifier($0.rate), $0) }, uniquingKeysWith: { one, _ in one })
        self.members = rates.compactMap { rate in
            rate.share.map { known[ObjectIdentifier(rate)] ?? Member(rate, $0) }
        }
        self.pausing = targets.map { Pausing($0.name, $0.health) }
        self.counts.replace(self.members.map(\.share))
    }

    /// Looks at everything once.
    func turn(now: UInt64) {
        self.lastTurn = now
        if let failure = self.failure, !self.isReported, now &- failure.since >= Self.graceNanoseconds {
            self.isReported = true
            self.report(failure.0)
        }
        for member in self.members { self.look(at: member, now: now) }
        guard now &- self.pausesAskedAt >= Self.pausesNanoseconds else { return }
        self.pausesAskedAt = now
        for target in self.pausing { self.askPause(of: target, now: now) }
    }

    // MARK: Limits

    private func look(at member: Member, now: UInt64) {
        if member.reported != nil {
            if now &- member.sentAt >= Self.patienceNanoseconds { self.cutOff(member) }
            return
        }
        let pending = member.share.pending
        let isOld = now &- member.sentAt >= LimitShare.leaseNanoseconds
        if member.share.isAlone {
            if isOld { self.rejoin(member, now: now) }
        } else if pending != 0, isOld || pending.magnitude &* 4 >= member.share.lease.magnitude {
            self.send(
                member, adding: pending, known: member.rate.aheadKnown(now: now, to: member.share), now: now)
        }
    }

    /// What was let in while it was alone, as far as it has not been got over since.
    private func rejoin(_ member: Member, now: UInt64) {
        let cost = member.rate.intervalNanoseconds &* UInt64(member.share.instances)
        let left = Int(clamping: member.rate.ahead(now: now) / max(1, cost))
        let adding = min(max(0, member.share.pending), left)
        member.share.forget(but: adding)
        self.send(member, adding: adding, known: 0, now: now)
    }

    private func send(_ member: Member, adding: Int, known: UInt64, now: UInt64) {
        let (rate, share) = (member.rate, member.share)
        member.sentAt = now
        member.reported = adding
        let (leases, isBeyond) = rate.intervalNanoseconds.multipliedReportingOverflow(
            by: UInt64(share.lease) &* UInt64(share.instances))
        let most = isBeyond ? UInt64.max / 2 : rate.toleranceNanoseconds &+ min(leases, .max / 4)
        let report = LimitReport(
            name: share.name, addedMicroseconds: Self.microseconds(rate.intervalNanoseconds, times: adding),
            knownMicroseconds: Int(clamping: known / 1_000), mostMicroseconds: Int(clamping: most / 1_000))
        self.store.report(report) { [weak self] in self?.reported(member, $0, sentAt: now) }
    }

    /// Rounded away from zero: many instances that each forget a part of a microsecond would let in more.
    private static func microseconds(_ interval: UInt64, times count: Int) -> Int {
        let (product, isBeyond) = interval.multipliedReportingOverflow(by: UInt64(count.magnitude))
        let size = isBeyond ? Int.max / 2 : Int(clamping: product / 1_000 + (product % 1_000 == 0 ? 0 : 1))
        return count < 0 ? -size : size
    }

    private func reported(_ member: Member, _ result: Result<LimitLevel, StoreFailure>, sentAt: UInt64) {
        guard let count = member.reported else { return }
        member.reported = nil
        switch result {
        case .success(let level):
            member.share.reported(count)
            let ahead = UInt64(clamping: level.aheadMicroseconds).multipliedReportingOverflow(by: 1_000)
            member.rate.learn(
                aheadNanoseconds: ahead.overflow ? .max / 4 : ahead.partialValue, at: sentAt,
                now: max(sentAt, self.lastTurn), from: member.share)
            self.served()
        case .failure(let failure):
            member.share.cutOff()
            self.failed(failure)
        }
    }

    private func cutOff(_ member: Member) {
        guard !member.share.isAlone else { return }
        member.share.cutOff()
        self.failed(.unavailable(reason: "it does not answer in time"))
    }

    private func failed(_ failure: StoreFailure) {
        self.failure = (failure, self.failure?.since ?? self.lastTurn)
    }

    private func served() {
        guard self.failure != nil, !self.members.contains(where: \.share.isAlone) else { return }
        self.failure = nil
        guard self.isReported else { return }
        self.isReported = false
        self.report(nil)
    }

    // MARK: Pauses

    private func askPause(of target: Pausing, now: UInt64) {
        guard !target.isAsking else { return }
        target.isAsking = true
        let news = target.health.takeNews(now: now).map { news in
            SharedPause(milliseconds: Int(clamping: news.nanoseconds / 1_000_000) + 1, reason: news.reason.rawValue)
        }
        self.store.pause(of: target.name, news) { [weak self] result in
            target.isAsking = false
            switch result {
            case .success(let pause):
                if let pause {
                    target.health.learnPause(
                        of: UInt64(clamping: pause.milliseconds).multipliedReportingOverflow(by: 1_000_000)
                            .partialValue,
                        because: TargetPause.Reason(rawValue: pause.reason) ?? .rate, now: now)
                }
                self?.served()
            case .failure(let failure):
                if news != nil { target.health.keepNews() }
                self?.failed(failure)
            }
        }
    }
}
