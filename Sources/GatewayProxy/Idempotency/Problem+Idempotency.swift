import GatewayStore
import GatewayTranslation

/// What a caller is told because of its idempotency key.
extension Problem {
    static func keyRequired(for operation: ProductOperation) -> Problem {
        Problem(
            .idempotencyKeyRequired,
            detail: "\(operation == .create ? "A create" : "An update") must have an Idempotency-Key here.")
    }

    /// The key is that of an earlier request.
    static func keyReused(_ differences: [Fingerprint.Part], earlier requestID: String) -> Problem {
        let words = differences.map { part in
            switch part {
            case .operation: "its operation"
            case .id: "its product id"
            case .targets: "its targets"
            case .preferences: "what it prefers or holds the product against"
            case .body: "its body"
            }
        }
        let difference = words.isEmpty ? "what it asks for" : words.joined(separator: " and ")
        return Problem(
            .idempotencyKeyReused,
            detail: "The Idempotency-Key belongs to request \(requestID), which differs in \(difference).")
    }

    static func underWay(earlier requestID: String) -> Problem {
        Problem(
            .idempotencyConflict, detail: "Request \(requestID) with the same Idempotency-Key is under way.",
            retryAfterSeconds: 1)
    }

    /// Nobody knows what became of an earlier create.
    ///
    /// - Parameter isLookedUp: the vendor was asked for the product, and has not shown it.
    static func outcomeUnknown(target: String, earlier requestID: String, isLookedUp: Bool = false) -> Problem {
        let reason =
            isLookedUp
            ? "looking it up has not shown that it has; nothing was created."
            : "the vendor cannot be asked; nothing was sent."
        return Problem(
            .outcomeUnknown,
            detail: "Request \(requestID) with the same Idempotency-Key may have created the product at \(target), and "
                + reason,
            target: target, verdict: OutcomeRule.unknownSinceEarlier)
    }

    /// Somebody else may have taken the request over by now.
    static func leaseOver(target: String) -> Problem {
        Problem(
            .idempotencyConflict,
            detail: "The time in which this request may be sent is over, and a repetition may have begun; nothing was "
                + "sent.", target: target, retryAfterSeconds: 1)
    }

    static func storeFailed(_ failure: StoreFailure, target: String? = nil) -> Problem {
        switch failure {
        case .callerFull:
            .storeUnavailable(target: target, reason: "has no more room for this caller's keys")
        case .full: .storeUnavailable(target: target, reason: "has no more room")
        case .unavailable: .storeUnavailable(target: target, reason: "cannot be reached")
        }
    }
}
