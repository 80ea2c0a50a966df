import GatewayStore

/// A record as one string at the server: a head of fixed places, which the scripts read as well, and the targets.
///
/// | byte | |
/// | --- | --- |
/// | 0 | the version of this form |
/// | 1 | the owner |
/// | 9 | the end of its lease, in milliseconds since the record was made; 0 where nobody is at work |
/// | 17 | for how long it is kept, in milliseconds since it was made |
/// | 25 | the fingerprint |
/// | 77 | the length of the first request's id, which follows |
///
/// Numbers have eight bytes, the most significant first.
struct RedisRecord {
    let fingerprint: Fingerprint
    let requestID: String
    let leaseEnd: Int
    let kept: Int
    let targets: [TargetRecord]

    private static let version: UInt8 = 1
    private static let headCount = 78
    private static let requestIDMax = 255

    /// Nil where the bytes are none that `bytes` has written.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.headCount, bytes[0] == Self.version,
            let fingerprint = Fingerprint(bytes: bytes[25..<77])
        else { return nil }
        let targetsStart = Self.headCount + Int(bytes[77])
        guard targetsStart <= bytes.count, let targets = KeyRecord.targets(from: bytes[targetsStart...]) else {
            return nil
        }
        self.fingerprint = fingerprint
        self.requestID = String(decoding: bytes[Self.headCount..<targetsStart], as: UTF8.self)
        self.leaseEnd = Int(clamping: Self.number(bytes[9..<17]))
        self.kept = Int(clamping: Self.number(bytes[17..<25]))
        self.targets = targets
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

    /// How many bytes a first claim takes.
    static func byteCount(_ claim: KeyClaim) -> Int {
        claim.targets.reduce(self.headCount + min(claim.requestID.utf8.count, self.requestIDMax)) {
            $0 + KeyRecord.byteCount(ofTarget: $1, answer: [])
        }
    }

    /// A first claim.
    static func append(_ claim: KeyClaim, to bytes: inout [UInt8]) {
        bytes.append(self.version)
        bytes.append(bigEndian: claim.owner)
        bytes.append(bigEndian: UInt64(clamping: claim.leaseMilliseconds))
        bytes.append(bigEndian: UInt64(clamping: claim.retentionMilliseconds))
        claim.fingerprint.append(to: &bytes)
        let requestID = claim.requestID.utf8.prefix(self.requestIDMax)
        bytes.append(UInt8(requestID.count))
        bytes.append(contentsOf: requestID)
        let stage = claim.startsSending ? TargetStage.sending : .claimed
        for target in claim.targets {
            KeyRecord.append(TargetRecord(name: target, stage: stage), to: &bytes)
        }
    }

    /// What another claim comes to, as far as it does not depend on the time: `owned` where nobody is at work.
    func claim(_ claim: KeyClaim) -> (result: ClaimResult, targets: [TargetRecord]) {
        let nobody = StoreTime(monotonicMilliseconds: 0, epochMilliseconds: 0)
        var record = KeyRecord(
            fingerprint: self.fingerprint, requestID: self.requestID, owner: 0, leaseEnd: 0,
            expiresAtEpochMilliseconds: 0, targets: self.targets)
        let result = record.claim(claim, at: nobody)
        return (result, record.targets)
    }

    /// - Parameter left: until the server forgets it, in milliseconds.
    func view(left: Int) -> RecordView {
        let lease = self.leaseEnd - (self.kept - max(0, left))
        return RecordView(
            request: EarlierRequest(requestID: self.requestID, targets: self.targets),
            leaseMilliseconds: lease > 0 ? lease : nil, expiresInMilliseconds: max(0, left))
    }
}
