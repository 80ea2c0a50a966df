/// What the store knew of a request's idempotency key.
package enum KeyClaimResult: Int, CaseIterable, Sendable {
    /// Nothing: the request runs.
    case first
    /// A request that ended without an answer for every target, or was lost: this one runs what is missing.
    case takenOver
    /// Everything: the answer is given again.
    case replayed
    /// Another request with the key is under way.
    case conflict
    /// The key belongs to another request.
    case reused
    /// It could not be asked.
    case failed

    package var label: String {
        switch self {
        case .first: "first"
        case .takenOver: "taken_over"
        case .replayed: "replayed"
        case .conflict: "conflict"
        case .reused: "reused"
        case .failed: "failed"
        }
    }
}

/// What was recorded of a target.
package enum KeyOutcome: Int, CaseIterable, Sendable {
    /// The answer, for every repetition.
    case kept
    /// Nothing happened: a repetition runs.
    case released
    /// Nobody knows what became of the change.
    case unknown
    /// A repetition has taken the request over meanwhile.
    case lost
    /// The store did not take it.
    case unrecorded

    package var label: String {
        switch self {
        case .kept: "kept"
        case .released: "released"
        case .unknown: "unknown"
        case .lost: "lost"
        case .unrecorded: "unrecorded"
        }
    }
}

/// The steps of a record.
package enum StoreStep: Int, CaseIterable, Sendable {
    case claim, advance, settle

    package var label: String {
        switch self {
        case .claim: "claim"
        case .advance: "advance"
        case .settle: "settle"
        }
    }
}

/// Why a store did not take a step.
package enum StoreFailureKind: Int, CaseIterable, Sendable {
    /// One caller's records take all the room that it may have.
    case callerFull
    case full
    case unavailable
    /// It did not answer in time.
    case timedOut

    package var label: String {
        switch self {
        case .callerFull: "caller_full"
        case .full: "full"
        case .unavailable: "unavailable"
        case .timedOut: "timed_out"
        }
    }
}
