import GatewayTranslation

extension AttemptFailure {
    /// What a failed attempt means for the caller: the one place where that is decided.
    ///
    /// - Parameter mayHaveActed: an earlier attempt of the same exchange went out and brought no answer.
    func problem(
        target: String, operation: ProductOperation, mayHaveActed: Bool = false
    ) -> Problem {
        let (code, ownOutcome, detail, status): (ProblemCode, Outcome, String, Int?) =
            switch self {
            case .notConnected(let reason):
                (.vendorUnreachable, .notSent, "No connection to \(target): \(reason).", nil)
            case .notTrusted(let reason):
                (
                    .vendorUnreachable, .notSent,
                    "No connection to \(target): its certificate is not trusted (\(reason)).", nil
                )
            case .queueFull:
                (
                    .overloaded, .notSent,
                    "Too many requests are waiting for \(target) already.", nil
                )
            case .queueTimedOut:
                (
                    .overloaded, .notSent,
                    "All connections to \(target) stayed busy for as long as a request may wait.", nil
                )
            case .timedOutBeforeSending:
                (
                    .vendorTimeout, .notSent,
                    "\(target) did not take the request in time; nothing was sent.", nil
                )
            case .refused:
                (
                    .vendorUnavailable, .notSent,
                    "\(target) refused the request without looking at it.", nil
                )
            case .timedOut:
                (
                    .vendorTimeout, .unknown,
                    "\(target) did not answer in time; it may still act on the request.", nil
                )
            case .endedWithoutAnswer(let reason):
                (
                    .vendorUnreachable, .unknown,
                    "\(target) took the request and gave no answer (\(reason)).", nil
                )
            case .answerCutShort(let status, let reason):
                (
                    .vendorUnintelligible, .unknown,
                    "\(target) broke off its answer (\(reason)).", status
                )
            case .answerTooLarge(let status):
                (
                    .vendorUnintelligible, .unknown,
                    "\(target) answered with more than the gateway takes.", status
                )
            case .answerMalformed(let status, let reason):
                (
                    .vendorUnintelligible, .unknown,
                    "\(target) answered what is no well-formed HTTP (\(reason)).", status
                )
            }
        let outcome = mayHaveActed ? .unknown : ownOutcome
        let origin: ProblemOrigin =
            switch self {
            case .queueFull, .queueTimedOut: .gateway
            default: .vendor
            }
        return Problem(
            code, detail: detail + (outcome == ownOutcome ? "" : Self.earlierAttempt), origin: origin, target: target,
            outcome: outcome,
            isRetryable: self.isRetryable(code, outcome: outcome, operation: operation),
            vendor: status.flatMap { $0 > 0 ? VendorReport(status: $0) : nil },
            retryAfterSeconds: self.retryAfterSeconds(code))
    }

    fileprivate static let earlierAttempt =
        " An earlier attempt was sent and not answered; it may have taken effect."

    private func isRetryable(
        _ code: ProblemCode, outcome: Outcome, operation: ProductOperation
    ) -> Bool {
        // A certificate does not become trusted by asking again.
        if case .notTrusted = self { return false }
        return Retryability.isRetryable(code, outcome: outcome, operation: operation)
    }

    /// A 503 says when to come back (RFC 9110 section 15.6.4); a second is what it takes to dial anew.
    private func retryAfterSeconds(_ code: ProblemCode) -> Int? {
        switch code {
        case .overloaded, .vendorUnavailable: 1
        default: nil
        }
    }
}

extension TokenFailure {
    /// What a missing token means for the caller. Nothing has been sent to the product's endpoint by then.
    func problem(
        target: String, operation: ProductOperation, mayHaveActed: Bool = false
    ) -> Problem {
        var problem = self.problem(target: target)
        guard mayHaveActed else { return problem }
        problem.outcome = .unknown
        problem.detail += AttemptFailure.earlierAttempt
        problem.isRetryable = Retryability.isRetryable(
            problem.code, outcome: .unknown, operation: operation)
        return problem
    }

    private func problem(target: String) -> Problem {
        switch self {
        case .rejected(let status):
            return Problem(
                .vendorCredentialsRejected,
                detail: "\(target) rejected the gateway's client credentials at its token endpoint.",
                origin: .vendor, target: target, outcome: .notSent,
                vendor: VendorReport(status: status))
        case .unavailable(let failure):
            var problem = failure.problem(target: target, operation: .update)
            problem.outcome = .notSent
            problem.detail = "No access token for \(target). " + problem.detail
            return problem
        case .vendorError(let status):
            return Problem(
                .vendorError,
                detail: "\(target)'s token endpoint answered with status \(status).",
                origin: .vendor, target: target, outcome: .notSent, isRetryable: true,
                vendor: VendorReport(status: status))
        case .unintelligible(let reason):
            return Problem(
                .vendorUnintelligible,
                detail: "No access token for \(target): \(reason).",
                origin: .vendor, target: target, outcome: .notSent)
        }
    }
}
