import Testing

@testable import GatewayProxy

@Suite("What retries may add")
struct RetryBudgetTests {
    private static let second: UInt64 = 1_000_000_000

    /// Retries that are granted when every one of `requests` a second wants `each`, over a minute.
    private static func granted(
        _ price: RetryBudget.Price, requests: Int, each: Int, _ settings: HealthSettings.Budget = .init()
    ) -> Double {
        let budget = RetryBudget(settings)
        var granted = 0
        for millisecond in 0..<60_000 where millisecond * requests / 1_000 != (millisecond - 1) * requests / 1_000 {
            let now = 100 * Self.second + UInt64(millisecond) * 1_000_000
            budget.requested(now: now)
            for _ in 0..<each where budget.take(price, now: now) { granted += 1 }
        }
        return Double(granted) / Double(60 * requests)
    }

    @Test("a fifth of the requests where a vendor asks for less, and much less where it fails")
    func share() {
        let throttled = Self.granted(.throttled, requests: 500, each: 2)
        #expect((0.19...0.21).contains(throttled), "\(throttled)")
        let transient = Self.granted(.transient, requests: 500, each: 2)
        #expect((0.066...0.075).contains(transient), "\(transient)")
    }

    @Test("a target with few requests has retries too")
    func few() {
        let budget = RetryBudget(.init())
        budget.requested(now: Self.second)
        let taken = (0..<10).count { _ in budget.take(.transient, now: Self.second) }
        #expect(taken == 3)
        #expect(budget.take(.throttled, now: Self.second) == true, "a cheaper one is still left")
        #expect(budget.take(.transient, now: 20 * Self.second) == true, "and all come again")
    }

    @Test("a budget of nothing gives nothing")
    func nothing() {
        let budget = RetryBudget(.init(percent: 0, perSecond: 0, windowNanoseconds: 10 * Self.second))
        for _ in 0..<1_000 { budget.requested(now: Self.second) }
        #expect(budget.take(.throttled, now: Self.second) == false)
    }
}
