/// One record, and what each step does to it: for engines that keep records in this process. Decides only; time is an
/// input.
package struct KeyRecord: Equatable, Sendable {
    let fingerprint: Fingerprint
    let requestID: String
    /// Of the last claim.
    private(set) var owner: UInt64
    /// On the monotonic clock; 0 where nobody is at work.
    private(set) var leaseEnd: Int
    let expiresAtEpochMilliseconds: Int
    package private(set) var targets: [TargetRecord]

    /// A first claim.
    init(_ claim: KeyClaim, at time: StoreTime) {
        self.fingerprint = claim.fingerprint
        self.requestID = claim.requestID
        self.owner = claim.owner
        self.leaseEnd = time.monotonicMilliseconds &+ claim.leaseMilliseconds
        self.expiresAtEpochMilliseconds = time.epochMilliseconds &+ claim.retentionMilliseconds
        let stage = claim.startsSending ? TargetStage.sending : .claimed
        self.targets = claim.targets.map { TargetRecord(name: $0, stage: stage) }
    }

    /// As it was kept.
    package init(
        fingerprint: Fingerprint, requestID: String, owner: UInt64, leaseEnd: Int, expiresAtEpochMilliseconds: Int,
        targets: [TargetRecord]
    ) {
        self.fingerprint = fingerprint
        self.requestID = requestID
        self.owner = owner
        self.leaseEnd = leaseEnd
        self.expiresAtEpochMilliseconds = expiresAtEpochMilliseconds
        self.targets = targets
    }

    /// What it counts for against its caller's room: its own bytes, and what any engine needs around them.
    var byteCount: Int {
        self.targets.reduce(Self.overhead + self.requestID.utf8.count) {
            $0 + Self.targetOverhead + $1.name.utf8.count + $1.answer.count
        }
    }

    /// Names, digests, numbers, and a place in a table and in an index: measured at some 300 bytes.
    private static let overhead = 320
    private static let targetOverhead = 48

    func hasExpired(at time: StoreTime) -> Bool { self.expiresAtEpochMilliseconds <= time.epochMilliseconds }

    /// Another claim of the same key.
    package mutating func claim(_ claim: KeyClaim, at time: StoreTime) -> ClaimResult {
        guard claim.fingerprint == self.fingerprint else {
            return .reused(self.fingerprint, requestID: self.requestID)
        }
        let earlier = EarlierRequest(requestID: self.requestID, targets: self.targets)
        if self.targets.count == claim.targets.count, self.targets.allSatisfy({ $0.stage == .done }) {
            return .done(earlier)
        }
        // Whoever owns it may claim it again, which renews the lease.
        if self.leaseEnd > time.monotonicMilliseconds, self.owner != claim.owner {
            return .underWay(requestID: self.requestID, milliseconds: self.leaseEnd - time.monotonicMilliseconds)
        }
        self.owner = claim.owner
        self.leaseEnd = time.monotonicMilliseconds &+ claim.leaseMilliseconds
        for name in claim.targets where !self.targets.contains(where: { $0.name == name }) {
            self.targets.append(TargetRecord(name: name, stage: .claimed))
        }
        if claim.startsSending {
            for index in self.targets.indices where self.targets[index].stage == .claimed {
                self.targets[index].stage = .sending
            }
        }
        return .owned(earlier: earlier)
    }

    mutating func advance(owner: UInt64, target: String, at time: StoreTime) -> WriteResult {
        guard let index = self.index(of: target, owner: owner), self.leaseEnd > time.monotonicMilliseconds,
            self.targets[index].stage != .done
        else { return .lost }
        self.targets[index].stage = .sending
        return .written
    }

    /// An owner whose lease has ended may still settle, as long as nobody has taken over: what it has seen is true.
    mutating func settle(owner: UInt64, target: String, _ outcome: TargetOutcome, isLast: Bool) -> WriteResult {
        guard let index = self.index(of: target, owner: owner) else { return .lost }
        switch outcome {
        case .done(let answer):
            self.targets[index].stage = .done
            self.targets[index].answer = answer
        case .released:
            self.targets.remove(at: index)
        case .open:
            self.targets[index].stage = .sending
        }
        if isLast { self.leaseEnd = 0 }
        return .written
    }

    /// Whoever was at work is no more.
    mutating func endLease() { self.leaseEnd = 0 }

    func view(at time: StoreTime) -> RecordView {
        let left = self.leaseEnd - time.monotonicMilliseconds
        return RecordView(
            request: EarlierRequest(requestID: self.requestID, targets: self.targets),
            leaseMilliseconds: left > 0 ? left : nil,
            expiresInMilliseconds: max(0, self.expiresAtEpochMilliseconds - time.epochMilliseconds))
    }

    private func index(of target: String, owner: UInt64) -> Int? {
        guard self.owner == owner else { return nil }
        return self.targets.firstIndex { $0.name == target }
    }
}
