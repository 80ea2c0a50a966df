import GatewayTranslation

extension AttemptFailure {
    /// What a failed attempt means for the caller.
    ///
    /// Speaks of this attempt alone: where the outcome of an earlier one is unknown, see `Problem.afterUnknownAttempt`.
    ///
    /// - Parameter isReading: the attempt only read what was to be changed.
    func problem(target: String, operation: ProductOperation, isReading: Bool = false) -> Problem {
        let code = self.told(of: target).code
        let verdict = OutcomeRule.verdict(
            on: code, self.isBeforeProcessing ? .notSent : .unanswered, of: operation, isReading: isReading,
            isLasting: self.isLasting)
        return self.problem(
            target: target, verdict: verdict, detailBehind: self.consequence(of: operation, isReading: isReading))
    }

    /// What the failure means for the product, where that is not plain from what has happened.
    private func consequence(of operation: ProductOperation, isReading: Bool) -> String {
        guard !isReading else {
            return operation == .read
                ? "" : " The product was being read before the update; this attempt changed nothing."
        }
        if case .timedOut = self { return " It may still act on the request." }
        return ""
    }

    /// The same for an attempt to fetch an access token: nothing was sent to the product's endpoint by it.
    fileprivate func problemOfToken(target: String) -> Problem {
        let code = self.told(of: target).code
        return self.problem(
            target: target, who: "\(target)'s token endpoint",
            verdict: OutcomeRule.verdict(on: code, .notSent, of: .update, isLasting: self.isLasting),
            detailBefore: "No access token for \(target). ")
    }

    /// - Parameter who: who failed, where it is not the target's vendor itself.
    private func problem(
        target: String, who: String? = nil, verdict: Verdict, detailBefore: String = "", detailBehind: String = ""
    ) -> Problem {
        let (code, detail, status) = self.told(of: who ?? target)
        let origin: ProblemOrigin =
            switch self {
            case .queueFull, .queueTimedOut: .gateway
            default: .vendor
            }
        return Problem(
            code, detail: detailBefore + detail + detailBehind, origin: origin, target: target, verdict: verdict,
            vendor: status.flatMap { $0 > 0 ? VendorReport(status: $0) : nil },
            retryAfterSeconds: self.retryAfterSeconds(code))
    }

    private func told(of target: String) -> (code: ProblemCode, detail: String, status: Int?) {
        switch self {
        case .notConnected(let reason):
            (.vendorUnreachable, "No connection to \(target): \(reason).", nil)
        case .notTrusted(let reason):
            (.vendorUnreachable, "No connection to \(target): its certificate is not trusted (\(reason)).", nil)
        case .queueFull:
            (.overloaded, "Too many requests are waiting for \(target) already.", nil)
        case .queueTimedOut:
            (.overloaded, "All connections to \(target) stayed busy for as long as a request may wait.", nil)
        case .timedOutBeforeSending:
            (.vendorTimeout, "\(target) did not take the request in time; nothing was sent.", nil)
        case .refused:
            (.vendorUnavailable, "\(target) refused the request without looking at it.", nil)
        case .timedOut:
            (.vendorTimeout, "\(target) did not answer in time.", nil)
        case .endedWithoutAnswer(let reason):
            (.vendorUnreachable, "\(target) took the request and gave no answer (\(reason)).", nil)
        case .answerCutShort(let status, let reason):
            (.vendorUnintelligible, "\(target) broke off its answer (\(reason)).", status)
        case .answerTooLarge(let status):
            (.vendorUnintelligible, "\(target) answered with more than the gateway takes.", status)
        case .answerMalformed(let status, let reason):
            (.vendorUnintelligible, "\(target) answered what is no well-formed HTTP (\(reason)).", status)
        }
    }

    /// A certificate does not become trusted by asking again.
    private var isLasting: Bool { if case .notTrusted = self { true } else { false } }

    /// A 503 says when to come back (RFC 9110 section 15.6.4); a second is what it takes to dial anew.
    private func retryAfterSeconds(_ code: ProblemCode) -> Int? {
        switch code {
        case .overloaded, .vendorUnavailable: 1
        default: nil
        }
    }
}

extension TokenFailure {
    /// What a missing token means for the caller. Nothing was sent to the product's endpoint by this attempt.
    ///
    /// - Parameter retryAfterNanoseconds: how long the token endpoint is left alone: before that is over, asking again
    ///   is in vain.
    func problem(target: String, retryAfterNanoseconds: UInt64 = 0) -> Problem {
        var problem = self.told(of: target)
        if retryAfterNanoseconds > 0, problem.isRetryable {
            problem.retryAfterSeconds = Int(clamping: (retryAfterNanoseconds + 999_999_999) / 1_000_000_000)
        }
        return problem
    }

    private func told(of target: String) -> Problem {
        switch self {
        case .rejected(let status):
            Problem(
                .vendorCredentialsRejected,
                detail: "\(target) rejected the gateway's client credentials at its token endpoint.",
                origin: .vendor, target: target, vendor: VendorReport(status: status))
        case .unavailable(let failure):
            failure.problemOfToken(target: target)
        case .vendorError(429):
            Problem(
                .rateLimited,
                detail: "\(target)'s token endpoint takes no more requests for a while.",
                origin: .vendor, target: target, vendor: VendorReport(status: 429), retryAfterSeconds: 1)
        case .vendorError(let status):
            Problem(
                .vendorError,
                detail: "\(target)'s token endpoint answered with status \(status).",
                origin: .vendor, target: target, verdict: OutcomeRule.notSent(mayPass: true),
                vendor: VendorReport(status: status))
        case .unintelligible(let reason):
            Problem(
                .vendorUnintelligible,
                detail: "No access token for \(target): \(reason).",
                origin: .vendor, target: target)
        }
    }
}
