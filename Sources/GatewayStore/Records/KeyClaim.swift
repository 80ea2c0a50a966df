/// A request's wish to be the one that runs.
package struct KeyClaim: Sendable {
    package let name: RecordName
    package let fingerprint: Fingerprint
    /// The request's id, for those who are told of it later.
    package let requestID: String
    /// Drawn at random for each claim: the fence. What is written later is written only while the record names it.
    package let owner: UInt64
    /// How long the owner may work; it promises to start nothing that could end later.
    package let leaseMilliseconds: Int
    /// How long the record is kept from now on.
    package let retentionMilliseconds: Int
    package let targets: [String]
    /// The targets are `sending` at once. Right where the table says the same of `claimed` and `sending`, which is so
    /// for updates: one write less.
    package let startsSending: Bool

    package init(
        name: RecordName, fingerprint: Fingerprint, requestID: String, owner: UInt64, leaseMilliseconds: Int,
        retentionMilliseconds: Int, targets: [String], startsSending: Bool
    ) {
        self.name = name
        self.fingerprint = fingerprint
        self.requestID = requestID
        self.owner = owner
        self.leaseMilliseconds = leaseMilliseconds
        self.retentionMilliseconds = retentionMilliseconds
        self.targets = targets
        self.startsSending = startsSending
    }
}

/// What is known of the request that used the key before.
package struct EarlierRequest: Equatable, Sendable {
    package let requestID: String
    package let targets: [TargetRecord]

    package init(requestID: String, targets: [TargetRecord]) {
        self.requestID = requestID
        self.targets = targets
    }

    package subscript(target: String) -> TargetRecord? { self.targets.first { $0.name == target } }
}

/// What came of a claim.
package enum ClaimResult: Equatable, Sendable {
    /// The key is the claimant's, until its lease ends or it settles the last target. `earlier` is what was known
    /// before; nil where nothing was.
    case owned(earlier: EarlierRequest?)
    /// Everything is done; nothing was claimed.
    case done(EarlierRequest)
    /// Somebody else is at it, for so long at most.
    case underWay(requestID: String, milliseconds: Int)
    /// The key belongs to a request that asked for something else.
    case reused(Fingerprint, requestID: String)
    case failed(StoreFailure)
}

/// What came of writing to a record.
package enum WriteResult: Equatable, Sendable {
    case written
    /// The record is somebody else's by now, or is gone: nothing was written.
    case lost
    case failed(StoreFailure)
}

/// What came of looking at a record.
package enum LookUpResult: Equatable, Sendable {
    case found(RecordView)
    case absent
    case failed(StoreFailure)
}

/// A record as an operator sees it.
package struct RecordView: Equatable, Sendable {
    package let request: EarlierRequest
    /// Nil where nobody is at work.
    package let leaseMilliseconds: Int?
    /// Until the record is forgotten.
    package let expiresInMilliseconds: Int

    package init(request: EarlierRequest, leaseMilliseconds: Int?, expiresInMilliseconds: Int) {
        self.request = request
        self.leaseMilliseconds = leaseMilliseconds
        self.expiresInMilliseconds = expiresInMilliseconds
    }
}

/// Why a store cannot do what it is asked. Nothing has been claimed then, as far as the asker may rely on it.
package enum StoreFailure: Error, Equatable, Sendable {
    /// The caller's records take all the room that it may have.
    case callerFull
    /// The store itself has no room left.
    case full(reason: String)
    /// The store cannot be reached, or is not what it should be.
    case unavailable(reason: String)
}

extension StoreFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .callerFull: "this caller's records take all the room that they may"
        case .full(let reason): "no room: \(reason)"
        case .unavailable(let reason): reason
        }
    }
}
