import Testing

@testable import GatewayTranslation

@Suite("What became of a change, and whether to send it again")
struct OutcomeRuleTests {
    /// Statuses as they differ in what they say of a change.
    private static let ends: [AttemptEnd] =
        [.notSent, .unanswered]
        + [
            100, 200, 201, 204, 299, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 408, 409, 410, 412, 417,
            422, 423, 425, 429, 499, 500, 501, 502, 503, 504, 599, 600, 0,
        ].map { AttemptEnd.answered(status: $0) }

    private static func outcome(_ end: AttemptEnd) -> Outcome {
        switch end {
        case .notSent: .notSent
        case .unanswered: .unknown
        case .answered(let status):
            switch status {
            case 400, 401, 403, 404, 409, 410, 412, 417, 422, 423, 425, 429, 499: .rejected
            default: .unknown
            }
        }
    }

    private static let transient: Set<ProblemCode> = [
        .overloaded, .identityUnavailable, .rateLimited, .vendorUnreachable, .vendorUnavailable, .vendorTimeout,
        .storeUnavailable, .idempotencyConflict,
    ]

    /// A success that complains of values does so the next time too.
    private static func isComplaint(_ code: ProblemCode, _ end: AttemptEnd) -> Bool {
        guard case .answered(let status) = end, (200...299).contains(status) else { return false }
        return [.validationFailed, .referenceNotFound, .duplicateProduct].contains(code)
    }

    @Test("a change that was written", arguments: ends, ProblemCode.allCases)
    func writing(end: AttemptEnd, code: ProblemCode) {
        for operation in [ProductOperation.update, .create] {
            let verdict = OutcomeRule.verdict(on: code, end, of: operation)
            #expect(verdict.outcome == Self.outcome(end))
            let isLasting =
                code == .internalError || end == .answered(status: 301) || end == .answered(status: 308)
            let isRetryable =
                switch verdict.outcome {
                case .notSent: Self.transient.contains(code)
                case .rejected:
                    code == .rateLimited || code == .vendorUnavailable || (code == .conflict && operation == .update)
                case .partial: false
                case .unknown: operation == .update && !Self.isComplaint(code, end)
                }
            #expect(verdict.isRetryable == (isRetryable && !isLasting))
        }
    }

    @Test(
        "no code makes a create certain that was not answered, or answered with a failure",
        arguments: ProblemCode.allCases)
    func uncertainCreate(code: ProblemCode) {
        let ends: [AttemptEnd] = [.unanswered] + [200, 302, 408, 500, 502, 503, 504].map { .answered(status: $0) }
        for end in ends {
            let verdict = OutcomeRule.verdict(on: code, end, of: .create)
            #expect(verdict.outcome == .unknown)
            #expect(!verdict.isRetryable)
        }
    }

    @Test("what an answer says beside its status counts within a success only", arguments: ends)
    func saidInSuccess(end: AttemptEnd) {
        let isSuccess = [200, 201, 204, 299].contains { end == .answered(status: $0) }
        for operation in [ProductOperation.update, .create] {
            let refused = OutcomeRule.verdict(on: .validationFailed, end, of: operation, said: .refused)
            let partly = OutcomeRule.verdict(on: .validationFailed, end, of: operation, said: .partlyDone)
            #expect(refused.outcome == (isSuccess ? .rejected : Self.outcome(end)))
            #expect(partly.outcome == (isSuccess ? .partial : Self.outcome(end)))
        }
    }

    @Test("a dialect can leave a refusal's outcome open, and make nothing certain", arguments: ends)
    func leavesOpen(end: AttemptEnd) {
        let verdict = OutcomeRule.verdict(on: .vendorError, end, of: .create, leavesOpen: true)
        #expect(verdict.outcome == (end == .notSent ? .notSent : .unknown))
        #expect(!verdict.isRetryable)
    }

    @Test("reading changes nothing", arguments: ends, ProblemCode.allCases)
    func reading(end: AttemptEnd, code: ProblemCode) {
        let verdict = OutcomeRule.verdict(on: code, end, of: .update, isReading: true)
        #expect(verdict.outcome == .notSent)
        let isLasting =
            code == .internalError || end == .answered(status: 301) || end == .answered(status: 308)
        let isRetryable =
            switch code {
            case .conflict, .vendorUnintelligible: true
            case .vendorError: Self.outcome(end) != .rejected
            default: Self.transient.contains(code)
            }
        #expect(verdict.isRetryable == (isRetryable && !isLasting))
    }

    @Test("what lasts is not sent again, however safe it is", arguments: ends)
    func lasting(end: AttemptEnd) {
        for isReading in [false, true] {
            let verdict = OutcomeRule.verdict(
                on: .vendorUnreachable, end, of: .update, isReading: isReading, isLasting: true)
            #expect(!verdict.isRetryable)
        }
    }

    @Test("behind an attempt of unknown outcome every outcome is unknown", arguments: ends, ProblemCode.allCases)
    func afterUnknown(end: AttemptEnd, code: ProblemCode) {
        for operation in [ProductOperation.update, .create] {
            for isReading in [false, true] {
                let own = OutcomeRule.verdict(on: code, end, of: operation, isReading: isReading)
                let problem = Problem(code, detail: "It failed.", origin: .vendor, verdict: own)
                let later = problem.afterUnknownAttempt(of: operation)
                #expect(later.outcome == .unknown)
                let isComplaint = !isReading && Self.isComplaint(code, end)
                #expect(later.isRetryable == (operation == .update && !own.isLasting && !isComplaint))
                #expect(later.code == code)
                #expect(later.detail.contains("An earlier attempt") == (own.outcome != .unknown))
                #expect(later.afterUnknownAttempt(of: operation) == later, "once is enough")
            }
        }
    }

    @Test("what the gateway refuses was not sent, and is retryable by its code or by the moment")
    func notSent() {
        for code in ProblemCode.allCases {
            let problem = Problem(code, detail: "")
            #expect(problem.outcome == .notSent)
            #expect(problem.isRetryable == Self.transient.contains(code))
        }
        #expect(OutcomeRule.notSent(mayPass: true).isRetryable)
        #expect(!OutcomeRule.notSent(mayPass: false).isRetryable)
        #expect(OutcomeRule.outcome(ofAbandoned: true) == .unknown)
        #expect(OutcomeRule.outcome(ofAbandoned: false) == .notSent)
    }
}
