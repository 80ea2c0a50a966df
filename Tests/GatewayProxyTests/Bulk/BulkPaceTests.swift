import GatewayTranslation
import Testing

@testable import GatewayProxy

@Suite("A stream sends at its target's pace")
struct BulkPaceTests {
    private static let second: UInt64 = 1_000_000_000

    private static func problem(
        _ code: ProblemCode, _ end: AttemptEnd = .notSent, retryAfter: Int? = nil
    ) -> Problem {
        Problem(
            code, detail: "", verdict: OutcomeRule.verdict(on: code, end, of: .update), retryAfterSeconds: retryAfter)
    }

    @Test("one line may always go; others leave a quarter of the room free")
    func room() {
        var pace = BulkPace()
        #expect(pace.maySend(now: 0, room: -5))
        pace.sent()
        #expect(!pace.maySend(now: 0, room: 0))
        #expect(pace.maySend(now: 0, room: 4))
        for _ in 0..<5 { pace.sent() }
        // Eight of which six are taken: two stay free.
        #expect(!pace.maySend(now: 0, room: 2))
        #expect(pace.maySend(now: 0, room: 3))
    }

    @Test("every line that is taken lets one more go at once, up to a limit; trouble halves them")
    func atOnce() {
        var pace = BulkPace()
        #expect(pace.atOnceMax == BulkPace.startsWith)
        for _ in 0..<200 {
            pace.sent()
            pace.ended(.taken)
        }
        #expect(pace.atOnceMax == BulkLimits.partsAtOnceMax)
        pace.sent()
        pace.ended(.neverAsked)
        #expect(pace.atOnceMax == BulkLimits.partsAtOnceMax)
        for _ in 0..<20 {
            pace.sent()
            pace.ended(.troubled)
        }
        #expect(pace.atOnceMax == 1)
        #expect(pace.underWay == 0)
    }

    @Test("a rate limit holds all lines back for as long as the vendor asks, however many were under way")
    func rateLimit() {
        var pace = BulkPace()
        for _ in 0..<4 { pace.sent() }
        let limited = Self.problem(.rateLimited, .answered(status: 429), retryAfter: 3)
        for _ in 0..<4 { #expect(pace.postpones(limited, now: Self.second) == true) }
        #expect(pace.underWay == 0)
        #expect(pace.atOnceMax == BulkPace.startsWith / 2)
        #expect(pace.pausedUntil == 4 * Self.second)
        #expect(pace.reason == .rateLimited)
        #expect(!pace.maySend(now: 4 * Self.second - 1, room: 100))
        #expect(pace.maySend(now: 4 * Self.second, room: 100))
    }

    @Test("without a word from the vendor the pauses double, up to half a minute")
    func backoff() {
        var pace = BulkPace()
        var now: UInt64 = 0
        var pauses: [UInt64] = []
        for _ in 0..<10 {
            pace.sent()
            #expect(pace.postpones(Self.problem(.overloaded), now: now) == true)
            pauses.append((pace.pausedUntil - now) / 1_000_000)
            now = pace.pausedUntil
        }
        #expect(pauses == [200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000])
    }

    @Test("a wait that a vendor asks for is bounded", arguments: [3_601, Int.max])
    func boundedWait(seconds: Int) {
        var pace = BulkPace()
        pace.sent()
        #expect(pace.postpones(Self.problem(.rateLimited, retryAfter: seconds), now: 5) == true)
        #expect(pace.pausedUntil == 5 + 3_600 * Self.second)
    }

    @Test("lines wait a minute for a vendor that cannot be reached, then each is told so; a success starts anew")
    func patience() {
        var pace = BulkPace()
        let unreachable = Self.problem(.vendorUnreachable)
        for _ in 0..<3 { pace.sent() }
        #expect(pace.postpones(unreachable, now: 0) == true)
        #expect(pace.postpones(unreachable, now: 59 * Self.second) == true)
        #expect(pace.postpones(unreachable, now: 60 * Self.second) == false)
        pace.ended(.taken)
        pace.sent()
        #expect(pace.postpones(unreachable, now: 61 * Self.second) == true)
    }

    @Test("an update is sent again also where the vendor may have acted, for a minute of its own")
    func repeatable() {
        var pace = BulkPace()
        let failed = Self.problem(.vendorUnavailable, .answered(status: 503))
        for _ in 0..<2 { pace.sent() }
        #expect(pace.postpones(failed, isRepeatable: true, now: 0) == true)
        // Others get through, and this line never does.
        pace.ended(.taken)
        pace.sent()
        #expect(pace.postpones(failed, isRepeatable: true, troubledSince: 0, now: 59 * Self.second) == true)
        pace.ended(.taken)
        pace.sent()
        #expect(pace.postpones(failed, isRepeatable: true, troubledSince: 0, now: 60 * Self.second) == false)
        #expect(pace.postpones(Self.problem(.storeUnavailable), now: 60 * Self.second) == true)
    }

    @Test(
        "nothing is repeated that a vendor may have acted on, or that would fail again",
        arguments: [
            (ProblemCode.vendorUnreachable, AttemptEnd.unanswered), (.vendorUnavailable, .answered(status: 503)),
            (.vendorTimeout, .unanswered), (.validationFailed, .answered(status: 422)), (.conflict, .notSent),
            (.productNotFound, .answered(status: 404)), (.vendorCredentialsRejected, .notSent),
        ])
    func notRepeated(code: ProblemCode, end: AttemptEnd) {
        var pace = BulkPace()
        pace.sent()
        #expect(pace.postpones(Self.problem(code, end), now: 0) == false)
        #expect(pace.pausedUntil == 0)
    }
}
