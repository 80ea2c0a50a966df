import Synchronization

/// Whether a target has failed so often that it is left alone, and when it is asked again.
///
/// Two signals, as in linkerd (2026): a run of failures, which notices an outage at once, and a share of them in the
/// last half minute, which notices one that lets something through now and then. Any thread; decides only. While it is
/// closed, an attempt costs a load before and a load and an addition after it.
struct Breaker: ~Copyable, Sendable {
    enum Reason: UInt8, Sendable { case inARow, share }

    /// The share is that of the last half minute.
    private static let windowNanoseconds: UInt64 = 30_000_000_000
    /// Fewer samples say nothing of a share.
    private static let samplesMin: UInt64 = 20
    /// Beyond, pauses are as long as allowed whatever they began with.
    private static let doublingsMax: UInt64 = 20

    private let settings: HealthSettings.Breaker
    private let isOff: Bool
    /// 0 while it is closed; else when the next probe may be made.
    private let probeAt = Atomic<UInt64>(0)
    private let failuresInARow = Atomic<Int>(0)
    private let probes = Atomic<UInt64>(0)
    private let openedAt = Atomic<UInt64>(0)
    private let closedAt = Atomic<UInt64>(0)
    private let lastReason = Atomic<UInt8>(0)
    /// Answers and failures.
    private let window = SlidingWindow(nanoseconds: Breaker.windowNanoseconds)

    /// - Parameter settings: nil where it never opens.
    init(_ settings: HealthSettings.Breaker?) {
        self.settings = settings ?? HealthSettings.Breaker()
        self.isOff = settings == nil
    }

    /// When the target may be asked for a sign of life; 0 while it is asked as ever.
    var nextProbeAt: UInt64 { self.probeAt.load(ordering: .relaxed) }

    /// Since when it is open, and why; nil while it is closed.
    var opened: (at: UInt64, reason: Reason, nextProbeAt: UInt64)? {
        let probeAt = self.nextProbeAt
        guard probeAt != 0 else { return nil }
        return (
            self.openedAt.load(ordering: .relaxed),
            Reason(rawValue: self.lastReason.load(ordering: .relaxed)) ?? .inARow, probeAt
        )
    }

    /// - Parameter random: from 0 to 1.
    /// - Returns: whether this one is the probe. The next one is due after twice the pause, whatever becomes of this.
    func takeProbe(now: UInt64, random: Double) -> Bool {
        let due = self.nextProbeAt
        guard due != 0, now >= due else { return false }
        let next = now &+ self.pause(after: self.probes.load(ordering: .relaxed) &+ 1, random: random)
        guard self.probeAt.compareExchange(expected: due, desired: next, ordering: .relaxed).exchanged else {
            return false
        }
        self.probes.wrappingAdd(1, ordering: .relaxed)
        return true
    }

    /// The target has answered.
    ///
    /// - Returns: whether it closes.
    func answered(isProbe: Bool, now: UInt64) -> Bool {
        if self.failuresInARow.load(ordering: .relaxed) != 0 { self.failuresInARow.store(0, ordering: .relaxed) }
        self.window.add(first: 1, now: now)
        guard isProbe, self.nextProbeAt != 0 else { return false }
        self.window.reset()
        self.closedAt.store(now, ordering: .relaxed)
        return self.probeAt.exchange(0, ordering: .relaxed) != 0
    }

    /// - Parameter sentAt: what was sent before the last recovery says nothing of the time after it.
    /// - Returns: why it opens, where it does.
    func failed(sentAt: UInt64, now: UInt64, random: Double) -> Reason? {
        guard !self.isOff, self.nextProbeAt == 0, sentAt >= self.closedAt.load(ordering: .relaxed) else { return nil }
        let run = self.failuresInARow.wrappingAdd(1, ordering: .relaxed).newValue
        self.window.add(second: 1, now: now)
        let reason: Reason
        if run >= self.settings.failures {
            reason = .inARow
        } else {
            let counts = self.window.counts(now: now)
            guard counts.first + counts.second >= Self.samplesMin, counts.first < counts.second else { return nil }
            reason = .share
        }
        let next = now &+ self.pause(after: 0, random: random)
        guard self.probeAt.compareExchange(expected: 0, desired: next, ordering: .relaxed).exchanged else { return nil }
        self.probes.store(0, ordering: .relaxed)
        self.openedAt.store(now, ordering: .relaxed)
        self.lastReason.store(reason.rawValue, ordering: .relaxed)
        return reason
    }

    /// A fifth more or less, so that several gateways do not ask at the same moment.
    private func pause(after probes: UInt64, random: Double) -> UInt64 {
        let longest = self.settings.pauseNanosecondsMax
        let (doubled, isTooLong) = self.settings.pauseNanoseconds.multipliedReportingOverflow(
            by: 1 << min(probes, Self.doublingsMax))
        let pause = isTooLong ? longest : min(doubled, longest)
        return max(1, UInt64(Double(pause) * (0.8 + 0.4 * min(max(random, 0), 1))))
    }
}
