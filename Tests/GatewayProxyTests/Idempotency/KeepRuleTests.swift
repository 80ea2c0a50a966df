import GatewayTranslation
import Testing

@testable import GatewayProxy

@Suite("Which answers hold for repetitions")
struct KeepRuleTests {
    private func verdict(
        _ code: ProblemCode, _ end: AttemptEnd, of operation: ProductOperation, mayHaveActed: Bool = false
    ) -> KeepRule.Verdict {
        let problem = Problem(
            code, detail: "", origin: .vendor, verdict: OutcomeRule.verdict(on: code, end, of: operation))
        return KeepRule.verdict(on: .problem, problem, mayHaveActed: mayHaveActed)
    }

    @Test("successes do")
    func success() { #expect(KeepRule.verdict(on: .success, nil, mayHaveActed: true) == .keep) }

    @Test("refusals that the caller has to mend do", arguments: [ProductOperation.update, .create])
    func refusals(operation: ProductOperation) {
        #expect(self.verdict(.validationFailed, .answered(status: 422), of: operation) == .keep)
        #expect(self.verdict(.productNotFound, .answered(status: 404), of: operation) == .keep)
        #expect(self.verdict(.duplicateProduct, .answered(status: 409), of: operation) == .keep)
    }

    @Test("what may pass, and what others have to mend, is released", arguments: [ProductOperation.update, .create])
    func released(operation: ProductOperation) {
        #expect(self.verdict(.rateLimited, .answered(status: 429), of: operation) == .release)
        #expect(self.verdict(.vendorUnreachable, .notSent, of: operation) == .release)
        #expect(self.verdict(.validationFailed, .notSent, of: operation) == .release)
        #expect(self.verdict(.vendorCredentialsRejected, .answered(status: 401), of: operation) == .release)
        #expect(self.verdict(.conflict, .answered(status: 409), of: .update) == .release)
    }

    @Test("what may have been done stays open", arguments: [ProductOperation.update, .create])
    func open(operation: ProductOperation) {
        #expect(self.verdict(.vendorTimeout, .unanswered, of: operation) == .leaveOpen)
        #expect(self.verdict(.vendorError, .answered(status: 500), of: operation) == .leaveOpen)
        #expect(self.verdict(.vendorUnreachable, .notSent, of: operation, mayHaveActed: true) == .leaveOpen)
        #expect(KeepRule.verdict(on: .none, nil, mayHaveActed: true) == .leaveOpen)
        #expect(KeepRule.verdict(on: .none, nil, mayHaveActed: false) == .release)
    }
}

@Suite("An answer that is kept")
struct KeptAnswerTests {
    @Test("is read as it was written")
    func roundTrip() throws {
        let answer = KeptAnswer(
            status: 201, code: "ok", isProblem: false, outcome: nil, body: Array("{\"a\":1}".utf8),
            location: Array("/v1/products/1".utf8), entityTag: "\"7\"")
        let read = try #require(KeptAnswer(bytes: answer.bytes))
        #expect(read.status == 201 && read.code == "ok" && !read.isProblem && read.outcome == nil)
        #expect(read.body == answer.body && read.location == answer.location && read.entityTag == "\"7\"")
        #expect(read.proxyStatus == nil)
        let problem = KeptAnswer(
            status: 422, code: "validation_failed", isProblem: true, outcome: .rejected, body: [], proxyStatus: [1])
        let readProblem = try #require(KeptAnswer(bytes: problem.bytes))
        #expect(readProblem.isProblem && readProblem.outcome == .rejected && readProblem.proxyStatus == [1])
    }

    @Test("what was not written so is none, wherever it is cut")
    func broken() {
        let bytes = KeptAnswer(status: 200, code: "ok", isProblem: false, outcome: nil, body: []).bytes
        for length in 0..<bytes.count { #expect(KeptAnswer(bytes: Array(bytes.prefix(length))) == nil) }
        #expect(KeptAnswer(bytes: [2] + bytes.dropFirst()) == nil)
        #expect(KeptAnswer(bytes: [1, 0, 200, 0, 255, 255, 255, 255]) == nil)
    }
}
