/// What a delivery notes of itself for its spans: times and a few facts, in storage that is used again. Confined to its
/// event loop.
final class DeliveryTrace {
    /// What a delivery waits for outside an attempt.
    enum Wait: Equatable { case turn, token, gate, pause }

    struct Waited {
        let kind: Wait
        let from: UInt64
        let to: UInt64
    }

    struct Attempt {
        /// 0 where the vendor was not told of the trace.
        let id: UInt64
        let method: String
        /// It asks only whether the target is back.
        let isProbe: Bool
        let startedAt: UInt64
        /// When it was handed to a stream; nil where it never was.
        var sentAt: UInt64?
        var endedAt: UInt64
        /// Of the vendor's answer; 0 without one.
        var status = 0
        /// Why there was no answer.
        var failure = ""
        var version: StaticString = ""
    }

    /// Of one delivery: those beyond are not noted. Configured retries are fewer.
    private static let attemptsMax = 8
    private static let waitsMax = 8

    private(set) var attempts: [Attempt] = []
    private(set) var waits: [Waited] = []
    private(set) var startedAt: UInt64 = 0
    private(set) var endedAt: UInt64 = 0
    private var waiting: (kind: Wait, from: UInt64)?

    init() {
        self.attempts.reserveCapacity(Self.attemptsMax)
        self.waits.reserveCapacity(Self.waitsMax)
    }

    func start(at now: UInt64) {
        // Emptying an array that is empty costs as much as any other.
        if !self.attempts.isEmpty { self.attempts.removeAll(keepingCapacity: true) }
        if !self.waits.isEmpty { self.waits.removeAll(keepingCapacity: true) }
        self.waiting = nil
        self.startedAt = now
        self.endedAt = now
    }

    func waits(for kind: Wait, at now: UInt64) {
        self.goesOn(at: now)
        self.waiting = (kind, now)
    }

    /// Whatever was waited for is here, or given up.
    private func goesOn(at now: UInt64) {
        guard let waiting = self.waiting else { return }
        self.waiting = nil
        guard self.waits.count < Self.waitsMax else { return }
        self.waits.append(Waited(kind: waiting.kind, from: waiting.from, to: now))
    }

    func attemptStarted(_ method: String, id: UInt64?, isProbe: Bool = false, at now: UInt64) {
        self.goesOn(at: now)
        guard self.attempts.count < Self.attemptsMax else { return }
        self.attempts.append(Attempt(id: id ?? 0, method: method, isProbe: isProbe, startedAt: now, endedAt: now))
    }

    func attemptEnded(at now: UInt64, _ change: (inout Attempt) -> Void) {
        guard !self.attempts.isEmpty else { return }
        Self.end(&self.attempts[self.attempts.count - 1], at: now, change)
    }

    private static func end(_ attempt: inout Attempt, at now: UInt64, _ change: (inout Attempt) -> Void) {
        attempt.endedAt = now
        change(&attempt)
    }

    func ended(at now: UInt64) {
        self.goesOn(at: now)
        self.endedAt = now
    }
}
