import GatewayTranslation
import Testing

@testable import GatewayProxy

@Suite("What a failed attempt means for the caller")
struct AttemptFailureTests {
    struct Row: Sendable {
        let failure: AttemptFailure
        let code: ProblemCode
        let outcome: Outcome
        let isUpdateRetryable: Bool
        let isCreateRetryable: Bool
        var origin = ProblemOrigin.vendor
        var retryAfter: Int?
        var vendorStatus: Int?
    }

    static let rows: [Row] = [
        Row(
            failure: .notConnected(reason: "refused"), code: .vendorUnreachable, outcome: .notSent,
            isUpdateRetryable: true, isCreateRetryable: true),
        Row(
            failure: .notTrusted(reason: "expired"), code: .vendorUnreachable, outcome: .notSent,
            isUpdateRetryable: false, isCreateRetryable: false),
        Row(
            failure: .queueFull, code: .overloaded, outcome: .notSent, isUpdateRetryable: true,
            isCreateRetryable: true, origin: .gateway, retryAfter: 1),
        Row(
            failure: .queueTimedOut, code: .overloaded, outcome: .notSent, isUpdateRetryable: true,
            isCreateRetryable: true, origin: .gateway, retryAfter: 1),
        Row(
            failure: .timedOutBeforeSending, code: .vendorTimeout, outcome: .notSent,
            isUpdateRetryable: true, isCreateRetryable: true),
        Row(
            failure: .refused, code: .vendorUnavailable, outcome: .notSent, isUpdateRetryable: true,
            isCreateRetryable: true, retryAfter: 1),
        Row(
            failure: .timedOut, code: .vendorTimeout, outcome: .unknown, isUpdateRetryable: true,
            isCreateRetryable: false),
        Row(
            failure: .endedWithoutAnswer(reason: "closed"), code: .vendorUnreachable, outcome: .unknown,
            isUpdateRetryable: true, isCreateRetryable: false),
        Row(
            failure: .answerCutShort(status: 200, reason: "closed"), code: .vendorUnintelligible,
            outcome: .unknown, isUpdateRetryable: true, isCreateRetryable: false, vendorStatus: 200),
        Row(
            failure: .answerTooLarge(status: 502), code: .vendorUnintelligible, outcome: .unknown,
            isUpdateRetryable: true, isCreateRetryable: false, vendorStatus: 502),
        Row(
            failure: .answerMalformed(status: 200, reason: "a rule"), code: .vendorUnintelligible, outcome: .unknown,
            isUpdateRetryable: true, isCreateRetryable: false, vendorStatus: 200),
        Row(
            failure: .answerTooLarge(status: 0), code: .vendorUnintelligible, outcome: .unknown,
            isUpdateRetryable: true, isCreateRetryable: false),
    ]

    @Test("code, outcome, origin and what is safe to repeat are those of the table", arguments: rows)
    func table(row: Row) {
        for (operation, isRetryable) in [
            (ProductOperation.update, row.isUpdateRetryable), (.create, row.isCreateRetryable),
        ] {
            let problem = row.failure.problem(target: "cor", operation: operation)
            #expect(problem.code == row.code)
            #expect(problem.outcome == row.outcome)
            #expect(problem.origin == row.origin)
            #expect(problem.isRetryable == isRetryable)
            #expect(problem.retryAfterSeconds == row.retryAfter)
            #expect(problem.vendor?.status == row.vendorStatus)
            #expect(problem.target == "cor")
            #expect(problem.detail.contains("cor"))
            #expect(problem.detail.hasSuffix("."))
        }
    }

    @Test("whether the vendor can have acted agrees with the outcome", arguments: rows)
    func beforeProcessing(row: Row) {
        #expect(row.failure.isBeforeProcessing == (row.outcome == .notSent))
    }

    @Test("an earlier attempt that went unanswered makes every outcome unknown", arguments: rows)
    func mayHaveActed(row: Row) {
        let update = row.failure.problem(target: "cor", operation: .update).afterUnknownAttempt(of: .update)
        #expect(update.outcome == .unknown)
        #expect(update.code == row.code)
        let create = row.failure.problem(target: "cor", operation: .create).afterUnknownAttempt(of: .create)
        #expect(create.outcome == .unknown)
        #expect(!create.isRetryable, "it may have been created already")
        if row.outcome == .notSent { #expect(update.detail.contains("earlier attempt")) }
    }

    @Test(
        "a missing token is told as not sent, with what the token endpoint did",
        arguments: [
            (TokenFailure.rejected(status: 401), ProblemCode.vendorCredentialsRejected, false, Int?(401)),
            (.vendorError(status: 500), .vendorError, true, 500),
            (.unintelligible(reason: "the token answer is not JSON"), .vendorUnintelligible, false, nil),
            (.unavailable(.notConnected(reason: "refused")), .vendorUnreachable, true, nil),
            (.unavailable(.timedOut), .vendorTimeout, true, nil),
        ])
    func token(failure: TokenFailure, code: ProblemCode, isRetryable: Bool, status: Int?) {
        let problem = failure.problem(target: "cor")
        #expect(problem.code == code)
        #expect(problem.outcome == .notSent)
        #expect(problem.isRetryable == isRetryable)
        #expect(problem.vendor?.status == status)
        #expect(problem.origin == .vendor)
        #expect(problem.afterUnknownAttempt(of: .update).outcome == .unknown)
        if case .unavailable = failure { #expect(problem.detail.contains("cor's token endpoint")) }
    }

    @Test("reading what is to be changed changes nothing, however it fails", arguments: rows)
    func reading(row: Row) {
        let problem = row.failure.problem(target: "cor", operation: .update, isReading: true)
        #expect(problem.outcome == .notSent)
        #expect(problem.code == row.code)
        #expect(problem.isRetryable == row.isUpdateRetryable)
        #expect(problem.detail.contains("this attempt changed nothing"))
        #expect(!problem.detail.contains("may still act"))
    }

    @Test("a time-out says that the vendor may still act only where the request changes something")
    func timeout() {
        let mayAct = "may still act"
        #expect(AttemptFailure.timedOut.problem(target: "cor", operation: .update).detail.contains(mayAct))
        #expect(AttemptFailure.timedOut.problem(target: "cor", operation: .create).detail.contains(mayAct))
        let read = AttemptFailure.timedOut.problem(target: "cor", operation: .read, isReading: true)
        #expect(read.detail == "cor did not answer in time.")
        let token = TokenFailure.unavailable(.timedOut).problem(target: "cor")
        #expect(!token.detail.contains(mayAct))
    }
}
