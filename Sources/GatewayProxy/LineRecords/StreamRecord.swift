import GatewayStore
import GatewayTranslation

/// What is known of the lines of a stream that has an idempotency key, while it is under way: it owns the record, knows
/// which lines are done, and keeps that in the store.
///
///     opening ──owned──▶ open ──everything kept──▶ ending ──given back──▶ over
///                          └──somebody else's──▶ over
///
/// One write keeps what all lines have come to since the last one, so that a line costs next to nothing: at once where
/// a create waits for it, otherwise within a tenth of a second. The lease is renewed while the stream goes on. Its
/// deadline is whatever of that comes next. Never blocks. Confined to its event loop.
final class StreamRecord: Deadline {
    /// What each record has: the lines, and a part that is never done, so that it can always be claimed again.
    static let parts = [linesPart, "open"]
    static let linesPart = "lines"

    enum State {
        case idle
        case opening((Problem?) -> Void)
        case open
        /// Given back; told when the store says so.
        case ending(() -> Void)
        /// Nothing more is sent by its right.
        case over
    }

    struct KeptPage {
        let name: RecordName
        var lines: LinePage
        /// Something has changed since the last write.
        var isChanged = false
        /// Lines of it that are under way.
        var linesUnderWay = 0
    }

    /// Somebody who waits until what has changed is kept.
    struct Waiter {
        /// Of `changes`, at the moment of the wish.
        let changes: Int
        /// Told without it being kept from this moment on; nil: has a deadline of its own.
        let until: UInt64?
        let take: () -> Void
    }

    let claim: KeyClaim
    let names: StreamNames
    /// The places of the stream's targets in the record.
    let lanes: [Int]
    let room: KeyedRequests
    var state = State.idle
    var head: StreamHead
    /// Pages that were begun by earlier streams with the key.
    private(set) var pagesBefore = 0
    /// The id of the stream that used the key first; nil where this one has.
    private(set) var earlierRequestID: String?
    var leaseEnd: UInt64 = 0
    var renewsAt: UInt64 = 0
    /// Those that lines under way are in: one or two, mostly.
    var pages: [Int: KeptPage] = [:]
    var loading: PageLoading?
    /// Counts what has changed, and up to which count it is kept.
    var changes = 0
    var keptChanges = 0
    var writing: WritingRound?
    var rounds = 0
    var writesAt: UInt64?
    var writeIsDue = false
    var waiters: [Waiter] = []
    /// Told when a page has come, and when more may be sent. Nil when the stream has ended.
    var onProgress: (() -> Void)?
    /// Told once, when the record is another's.
    var onLoss: ((Problem) -> Void)?

    /// A page that the store is asked for.
    struct PageLoading {
        let page: Int
        let since: UInt64
        /// When it is asked again, or the answer is given up.
        var until: UInt64
        var round: Int
    }

    /// Writes that have not been answered.
    struct WritingRound {
        let number: Int
        let changes: Int
        let pages: [Int]
        var outstanding: Int
        var hasFailed = false
        let since: UInt64
    }

    /// The lease is renewed so often, and lasts for so much longer than a line may take: one renewal may fail.
    static let renewalNanoseconds: UInt64 = 5_000_000_000
    static let leaseMarginNanoseconds: UInt64 = 15_000_000_000
    /// What has changed is kept so soon: what a kill costs is that these updates are sent again.
    static let writePauseNanoseconds: UInt64 = 100_000_000
    /// A result that cannot be kept is told nonetheless, as for a single request.
    static let settleNanoseconds: UInt64 = 1_000_000_000
    /// A store that fails is asked again so often.
    static let retryNanoseconds: UInt64 = 500_000_000
    /// How long a stream waits for a page before it ends.
    static let pagePatienceNanoseconds: UInt64 = 60_000_000_000
    /// 67 million lines; their records take 6 MB.
    static let pagesMax = 4096

    init(_ claim: KeyClaim, names: StreamNames, lanes: [Int], room: KeyedRequests) {
        self.claim = claim
        self.names = names
        self.lanes = lanes
        self.room = room
        self.head = StreamHead(lanes: lanes.count)
    }

    /// For the log.
    var recordDigits: UInt64 { self.claim.name.digest.firstWord }
    var now: UInt64 { self.room.clock.now() }
    private var leaseNanoseconds: UInt64 { UInt64(clamping: self.claim.leaseMilliseconds) &* 1_000_000 }

    // MARK: Claim

    /// - Parameter decide: told once, with why the stream must not come in; within the call where the store answers at
    ///   once. Not after `giveUp`.
    func open(decide: @escaping (Problem?) -> Void) {
        self.state = .opening(decide)
        self.ask { self.opened($0, decide) }
        if case .opening = self.state { self.room.deadlines.schedule(self, in: self.room.settings.patienceNanoseconds) }
    }

    private func ask(_ take: @escaping (ClaimResult) -> Void) {
        let askedAt = self.now
        let answered: (ClaimResult) -> Void = { result in
            if case .owned = result { self.leaseEnd = askedAt &+ self.leaseNanoseconds }
            take(result)
        }
        let result = self.room.store.claim(self.claim, at: self.room.time) {
            let reply = LoopReply<ClaimResult>(to: self.room.eventLoop, take: answered)
            return { reply.send($0) }
        }
        self.renewsAt = askedAt &+ Self.renewalNanoseconds
        if let result { answered(result) }
    }

    private func opened(_ result: ClaimResult, _ decide: (Problem?) -> Void) {
        guard case .opening = self.state else {
            if case .owned = result { self.giveBack() }
            return
        }
        self.room.deadlines.cancel(self)
        self.state = .over
        switch result {
        case .owned(let earlier):
            if let bytes = earlier?[Self.linesPart]?.answer, !bytes.isEmpty {
                guard let head = StreamHead(bytes: bytes), head.lanes == self.lanes.count else {
                    self.giveBack()
                    return decide(.storeUnavailable(reason: "has a record that cannot be read"))
                }
                self.head = head
            }
            self.pagesBefore = self.head.pages
            self.earlierRequestID = earlier?.requestID
            self.state = .open
            self.scheduleNext()
            decide(nil)
        case .underWay(let requestID, _): decide(.underWay(earlier: requestID))
        case .reused(let fingerprint, let requestID):
            decide(.keyReused(fingerprint.differences(from: self.claim.fingerprint), earlier: requestID))
        case .failed(let failure): decide(.storeFailed(failure))
        case .done(let earlier): decide(.underWay(earlier: earlier.requestID))
        }
    }

    /// Nobody wants the stream any more, before it was decided.
    func giveUp() {
        guard case .opening = self.state else { return }
        self.room.deadlines.cancel(self)
        self.state = .over
    }

    /// The lease ends; what was kept stays.
    func giveBack() {
        _ = self.room.store.settle(
            self.claim.name, owner: self.claim.owner, target: Self.linesPart, .done(self.head.bytes), isLast: true,
            at: self.room.time
        ) { { _ in } }
    }

    // MARK: The lease

    /// Whether the lease lasts until `moment`, with a reserve: until then no other gateway sends these lines.
    func holds(until moment: UInt64) -> Bool {
        guard case .open = self.state else { return false }
        return moment &+ KeyedRequests.leaseReserveNanoseconds <= self.leaseEnd
    }

    func renew() {
        self.ask { result in
            guard case .open = self.state else { return }
            switch result {
            // A record that is not known any more has been forgotten after its time.
            case .owned(nil), .done, .underWay, .reused: self.lose()
            case .owned: self.onProgress?()
            case .failed: self.renewsAt = self.now &+ Self.retryNanoseconds
            }
            self.scheduleNext()
        }
    }

    /// The record is somebody else's, or has been forgotten.
    func lose() {
        guard case .open = self.state else { return }
        self.state = .over
        self.room.deadlines.cancel(self)
        self.loading = nil
        let waiters = self.waiters
        self.waiters = []
        for waiter in waiters { waiter.take() }
        self.onLoss?(.streamLost)
    }

    // MARK: Time

    override func deadlineReached() {
        if case .opening(let decide) = self.state {
            self.state = .over
            self.room.countTimeOut()
            return decide(.storeUnavailable())
        }
        if case .ending = self.state { return self.ended() }
        let now = self.now
        if now >= self.renewsAt { self.renew() }
        self.timePassed(now: now)
        self.scheduleNext()
    }

    func scheduleNext() {
        guard case .open = self.state else { return }
        var next = self.renewsAt
        if let moment = self.writesAt { next = min(next, moment) }
        if let writing = self.writing { next = min(next, writing.since &+ Self.settleNanoseconds) }
        if let loading = self.loading { next = min(next, loading.until) }
        if let moment = self.waiters.lazy.compactMap(\.until).min() { next = min(next, moment) }
        self.room.deadlines.schedule(self, at: next)
    }
}
