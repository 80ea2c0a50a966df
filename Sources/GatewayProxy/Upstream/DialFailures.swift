/// Which of an endpoint's failed dials the log tells, so that it says why a vendor cannot be reached and is not flooded
/// by a vendor that stays away: the first with each reason, then one every few seconds, with how many were left out.
///
/// Decides only; time is an input.
struct DialFailures {
    enum OnFailure: Equatable { case tell(leftOut: Int), leaveOut }

    /// A dial has come about after some that had not.
    struct Recovery: Equatable {
        /// Those that failed since the first that was told.
        let count: Int
        let nanoseconds: UInt64
    }

    private struct Told {
        let reason: String
        var at: UInt64
        var leftOut = 0
    }

    /// Often enough to see that it goes on, seldom enough to be read.
    static let paceNanoseconds: UInt64 = 5_000_000_000
    /// One endpoint has a few ways to fail at a time. With more the one that was told longest ago is forgotten.
    static let reasonsMax = 8

    private var told: [Told] = []
    /// Failures since the last dial that came about, from the first that was told.
    private var count = 0
    private var since: UInt64 = 0

    mutating func failed(_ reason: String, now: UInt64) -> OnFailure {
        guard let index = self.told.firstIndex(where: { $0.reason == reason }) else {
            if self.told.count == Self.reasonsMax,
                let oldest = self.told.indices.min(by: { self.told[$0].at < self.told[$1].at })
            {
                self.told.remove(at: oldest)
            }
            self.told.append(Told(reason: reason, at: now))
            self.count(from: now)
            return .tell(leftOut: 0)
        }
        guard now >= self.told[index].at &+ Self.paceNanoseconds else {
            self.told[index].leftOut += 1
            if self.count > 0 { self.count += 1 }
            return .leaveOut
        }
        let leftOut = self.told[index].leftOut
        self.told[index] = Told(reason: reason, at: now)
        self.count(from: now)
        return .tell(leftOut: leftOut)
    }

    /// Nil where no failure has been told since the last one that came about.
    mutating func connected(now: UInt64) -> Recovery? {
        guard self.count > 0 else { return nil }
        let recovery = Recovery(count: self.count, nanoseconds: now - min(now, self.since))
        self.count = 0
        return recovery
    }

    private mutating func count(from now: UInt64) {
        if self.count == 0 { self.since = now }
        self.count += 1
    }
}
