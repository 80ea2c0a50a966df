import GatewayTranslation

extension GateRefusal {
    /// What a caller is told: nothing was sent, and when it may be of use to ask again.
    func problem(target: String) -> Problem {
        switch self {
        case .leftAlone(let nanoseconds):
            let seconds = Self.seconds(nanoseconds)
            return Problem(
                .vendorUnavailable,
                detail: "\(target) has failed too often and is left alone; it is tried again in \(seconds) s. Nothing "
                    + "was sent.", origin: .vendor, target: target, retryAfterSeconds: seconds)
        case .paused(let nanoseconds, let reason):
            let seconds = Self.seconds(nanoseconds)
            return Problem(
                reason == .rate ? .rateLimited : .vendorUnavailable,
                detail: "\(target) takes no more requests for \(seconds) s, longer than this one can wait. Nothing was "
                    + "sent.", origin: .vendor, target: target, retryAfterSeconds: seconds)
        case .queueFull:
            return Problem(
                .overloaded, detail: "Too many requests are waiting for \(target) already.", target: target,
                retryAfterSeconds: 1)
        case .queueTimedOut:
            return Problem(
                .overloaded,
                detail: "\(target) had as many requests as it can bear for as long as one may wait; nothing was sent.",
                target: target, retryAfterSeconds: 1)
        }
    }

    /// Whole seconds, rounded up: a caller that comes back then does not come too soon.
    private static func seconds(_ nanoseconds: UInt64) -> Int {
        max(1, Int(clamping: nanoseconds / 1_000_000_000 + (nanoseconds % 1_000_000_000 > 0 ? 1 : 0)))
    }
}

/// What a caller is told of a delivery that the gateway ended by itself.
extension Problem {
    /// A vendor's requests hold half of their caller's connection, and it answers none of them.
    static func connectionCrowded(by target: String) -> Problem {
        Problem(
            .overloaded,
            detail: "Half of this connection's streams wait for \(target), which has answered nothing for a second; "
                + "the others are kept for other targets. Nothing was sent.",
            target: target, retryAfterSeconds: 1)
    }

    /// The exchange was not finished when the gateway had to stop.
    ///
    /// - Parameter wasSent: a change was sent and not answered yet.
    static func stopping(target: String?, operation: ProductOperation, wasSent: Bool) -> Problem {
        guard wasSent else {
            return Problem(
                .overloaded, detail: "The gateway is stopping; nothing was sent.", target: target, retryAfterSeconds: 1)
        }
        return Problem(
            .vendorTimeout,
            detail: "The gateway had to stop before the vendor answered; the change may have been made.",
            target: target, verdict: OutcomeRule.verdict(on: .vendorTimeout, .unanswered, of: operation))
    }

    /// Other updates of the same product came first, and took all the time or were too many.
    static func turnNotTaken(target: String, waited: Bool) -> Problem {
        Problem(
            .overloaded,
            detail: waited
                ? "Other updates of this product took all the time that this one had; nothing was sent."
                : "Too many updates of this product are waiting for each other already; nothing was sent.",
            target: target, retryAfterSeconds: 1)
    }

    /// No record of the request can be kept, so that nothing of it is sent.
    static func storeUnavailable(target: String? = nil, reason: String = "does not answer") -> Problem {
        Problem(
            .storeUnavailable, detail: "The store of idempotency keys \(reason); nothing was sent.", target: target,
            retryAfterSeconds: 1)
    }

    /// The vendor has refused the write because the product had changed, and not only elsewhere.
    static func changedByOthers(target: String) -> Problem {
        Problem(
            .conflict,
            detail: "Somebody else has changed what this update writes at \(target) since it was read; this update "
                + "has changed nothing.", origin: .vendor, target: target,
            verdict: OutcomeRule.verdict(on: .conflict, .answered(status: 412), of: .update))
    }

    /// For a result that should be there and is not: our own mistake, said as such.
    static func unfinished(target: String) -> Problem {
        Problem(
            .internalError, detail: "The gateway lost the result of this target.", target: target,
            verdict: OutcomeRule.verdict(on: .internalError, .unanswered, of: .update))
    }
}
