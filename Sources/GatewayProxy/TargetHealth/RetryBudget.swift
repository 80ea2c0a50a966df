/// What retries may add to the load of a target: a share of its requests, and a few beside them.
///
/// In an outage every request fails, and with three attempts each the vendor would get three times its load at the
/// worst of moments. Any thread. Workers that take the last of it at the same moment may take one each.
struct RetryBudget: ~Copyable, Sendable {
    /// In tenths of a retry. The AWS SDKs charge 14 for a transient failure and 5 for a throttled request (2026): what
    /// is throttled has a vendor that says when to come back, what fails has one that may be down.
    enum Price: UInt64, Sendable {
        case throttled = 10
        case transient = 28
    }

    private let settings: HealthSettings.Budget
    /// Requests, and tenths of retries.
    private let window: SlidingWindow

    init(_ settings: HealthSettings.Budget) {
        self.settings = settings
        self.window = SlidingWindow(nanoseconds: settings.windowNanoseconds)
    }

    /// A request is made for the first time.
    func requested(now: UInt64) {
        self.window.add(first: 1, now: now)
    }

    /// - Returns: whether the retry may be made.
    func take(_ price: Price, now: UInt64) -> Bool {
        guard self.left(now: now) >= price.rawValue else { return false }
        self.window.add(second: price.rawValue, now: now)
        return true
    }

    /// Tenths of retries that may still be made.
    func left(now: UInt64) -> UInt64 {
        let counts = self.window.counts(now: now)
        let share = counts.first &* UInt64(max(0, self.settings.percent)) / 10
        let seconds = self.settings.windowNanoseconds / 1_000_000_000
        let allowed = share &+ UInt64(max(0, self.settings.perSecond)) &* max(1, seconds) &* 10
        return allowed > counts.second ? allowed &- counts.second : 0
    }
}
