import Synchronization

/// What all workers know together of how a target is: whether it may be asked now, and what it said last.
///
/// A few words of memory, no lock. Outlives a reload that leaves the target as it was. Any thread; time and randomness
/// are inputs.
final class TargetHealth: Sendable {
    /// Whether an attempt may be made.
    enum Admission: Equatable {
        /// It is counted as under way; `ended` or `withdrawn` must follow.
        case go
        /// The same, and what becomes of it decides whether the target is asked as ever again.
        case probe
        /// The vendor wants to be left alone, or to be asked more slowly.
        case paused(until: UInt64, TargetPause.Reason)
        /// It has failed too often; the next probe is due then.
        case open(until: UInt64)
        /// It has as many at a time as it can bear.
        case full
    }

    let settings: HealthSettings
    private let breaker: Breaker
    private let pause = TargetPause()
    /// The vendor has told this instance of a pause, and the others do not know.
    private let hasNews = Atomic<Bool>(false)
    private let pace: VendorPace
    private let concurrency: ConcurrencyLimit
    private let budget: RetryBudget

    init(_ settings: HealthSettings = HealthSettings()) {
        self.settings = settings
        self.breaker = Breaker(settings.breaker)
        self.pace = VendorPace(settings.rate, share: Self.share(settings))
        self.concurrency = ConcurrencyLimit(ceiling: settings.concurrencyMax)
        self.budget = RetryBudget(settings.budget)
    }

    private static func share(_ settings: HealthSettings) -> LimitShare? {
        guard let rate = settings.rate, let sharing = settings.sharing else { return nil }
        return LimitShare(
            name: "target:\(sharing.name)", requests: rate.requests, periodNanoseconds: rate.perNanoseconds,
            burst: rate.burst, instances: sharing.instances)
    }

    // MARK: Before an attempt

    /// - Parameter random: from 0 to 1; asked for only where a probe is due.
    func admit(now: UInt64, random: () -> Double) -> Admission {
        let probeAt = self.breaker.nextProbeAt
        if probeAt != 0 {
            return self.admitWhileOpen(probeAt: probeAt, now: now, random: random)
        }
        let pausedUntil = self.pause.until
        guard pausedUntil <= now else { return .paused(until: pausedUntil, self.pause.reason) }
        guard self.concurrency.take() else { return .full }
        if let freeAt = self.pace.take(now: now) {
            self.concurrency.giveBack()
            return .paused(until: freeAt, .rate)
        }
        return .go
    }

    private func admitWhileOpen(probeAt: UInt64, now: UInt64, random: () -> Double) -> Admission {
        let pausedUntil = self.pause.until
        guard now >= probeAt, pausedUntil <= now else { return .open(until: max(probeAt, pausedUntil)) }
        guard self.breaker.takeProbe(now: now, random: random()) else {
            return .open(until: max(self.breaker.nextProbeAt, now))
        }
        // Whatever may still be under way from before: a probe is one more.
        self.concurrency.add()
        return .probe
    }

    /// When the next probe is due, where the target is left alone until then: there is no use in preparing anything.
    func isLeftAlone(now: UInt64) -> UInt64? {
        let probeAt = self.breaker.nextProbeAt
        return probeAt > now ? probeAt : nil
    }

    /// Until when the vendor wants to be left alone, and why; in the past where it does not.
    var paused: (until: UInt64, reason: TargetPause.Reason) { (self.pause.until, self.pause.reason) }

    /// Between two requests where the vendor has a pace of its own; 0 where it has none.
    var intervalNanoseconds: UInt64 { self.pace.intervalNanoseconds }

    // MARK: After an attempt

    /// It was let in and came to nothing before it was sent.
    func withdrawn() {
        self.concurrency.giveBack()
        self.pace.giveBack()
    }

    /// What an attempt has changed about how the target is treated.
    enum Change: Equatable {
        case none
        /// It is left alone from now on.
        case opened(Breaker.Reason)
        /// It is asked as ever again.
        case closed
    }

    /// - Parameter random: from 0 to 1; asked for only where the attempt has failed.
    func ended(
        _ signal: AttemptSignal, isProbe: Bool, sentAt: UInt64, now: UInt64, random: () -> Double
    ) -> Change {
        defer { self.concurrency.giveBack() }
        switch signal {
        case .answered:
            self.concurrency.answered()
            return self.breaker.answered(isProbe: isProbe, now: now) ? .closed : .none
        case .throttled:
            self.concurrency.pushedBack(sentAt: sentAt, now: now)
        case .timedOut, .failed:
            if signal == .timedOut { self.concurrency.pushedBack(sentAt: sentAt, now: now) }
            if let reason = self.breaker.failed(sentAt: sentAt, now: now, random: random()) {
                self.concurrency.beginWithFew()
                return .opened(reason)
            }
        case .nothing:
            break
        }
        return .none
    }

    /// The vendor wants to be left alone.
    func pause(for nanoseconds: UInt64, because reason: TargetPause.Reason, now: UInt64) {
        self.pause.extend(by: nanoseconds, because: reason, now: now)
        self.hasNews.store(true, ordering: .relaxed)
    }

    /// The vendor says how many more requests it takes, and when it takes all again.
    func told(remaining: UInt64, untilReset nanoseconds: UInt64?, now: UInt64) {
        if remaining == 0, let nanoseconds {
            self.pause(for: nanoseconds, because: .rate, now: now)
        } else {
            self.pace.correct(remaining: remaining, now: now)
        }
    }

    // MARK: With other instances

    /// The pace, where it is kept together with others.
    var sharedPace: CellRate? { self.pace.cells?.share == nil ? nil : self.pace.cells }

    /// A pause that the vendor has told this instance of, once.
    func takeNews(now: UInt64) -> (nanoseconds: UInt64, reason: TargetPause.Reason)? {
        guard self.hasNews.exchange(false, ordering: .relaxed), self.pause.until > now else { return nil }
        return (self.pause.until &- now, self.pause.reason)
    }

    /// It could not be told to the others.
    func keepNews() {
        self.hasNews.store(true, ordering: .relaxed)
    }

    /// Another instance was told of a pause.
    func learnPause(of nanoseconds: UInt64, because reason: TargetPause.Reason, now: UInt64) {
        self.pause.extend(by: nanoseconds, because: reason, now: now)
    }

    // MARK: Retries

    /// A request is made for the first time.
    func requested(now: UInt64) {
        self.budget.requested(now: now)
    }

    func takeRetry(_ price: RetryBudget.Price, now: UInt64) -> Bool {
        self.budget.take(price, now: now)
    }

    // MARK: For people

    /// How the target is at one moment.
    struct Report: Equatable, Sendable {
        /// Since when it is left alone, why, and when it is asked again; nil where it is asked as ever.
        var open: Open?
        /// How long it wants to be left alone; nil where it does not.
        var pause: Pause?
        var concurrencyLimit: Int
        /// It has borne all that came, or has grown beyond what could matter.
        var isUnlimited: Bool
        var underWay: Int
        /// Retries that may still be made, in tenths.
        var retryTenthsLeft: UInt64

        struct Open: Equatable, Sendable {
            var sinceNanoseconds: UInt64
            var reason: Breaker.Reason
            var untilProbeNanoseconds: UInt64
        }

        struct Pause: Equatable, Sendable {
            var nanoseconds: UInt64
            var reason: TargetPause.Reason
        }
    }

    func report(now: UInt64) -> Report {
        var open: Report.Open?
        if let opened = self.breaker.opened {
            open = Report.Open(
                sinceNanoseconds: now &- min(opened.at, now), reason: opened.reason,
                untilProbeNanoseconds: max(opened.nextProbeAt, now) &- now)
        }
        let pausedUntil = self.pause.until
        let (limit, underWay) = self.concurrency.current
        return Report(
            open: open,
            pause: pausedUntil > now
                ? Report.Pause(nanoseconds: pausedUntil &- now, reason: self.pause.reason) : nil,
            concurrencyLimit: limit, isUnlimited: limit >= self.settings.concurrencyMax, underWay: underWay,
            retryTenthsLeft: self.budget.left(now: now))
    }
}
