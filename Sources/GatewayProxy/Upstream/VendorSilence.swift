/// For how long a vendor has answered nothing although something was asked of it. Decides only; time is the caller's.
struct VendorSilence {
    private var underWay = 0
    private var heardAt: UInt64 = 0

    /// One more request waits for a connection, or for its answer.
    mutating func asked(now: UInt64) {
        if self.underWay == 0 { self.heardAt = now }
        self.underWay += 1
    }

    /// One of them is over, with an answer or without.
    mutating func ended(isAnswered: Bool, now: UInt64) {
        self.underWay = max(0, self.underWay - 1)
        if isAnswered { self.heardAt = now }
    }

    /// In nanoseconds; 0 where nothing is asked.
    func duration(now: UInt64) -> UInt64 {
        self.underWay > 0 && now > self.heardAt ? now &- self.heardAt : 0
    }
}
