import Testing

@testable import GatewayProxy

@Suite("How many attempts a target gets at a time")
struct ConcurrencyLimitTests {
    @Test("as many as the ceiling as long as nothing is wrong")
    func ceiling() {
        let limit = ConcurrencyLimit(ceiling: 5)
        #expect((0..<5).allSatisfy { _ in limit.take() })
        #expect(limit.take() == false)
        limit.giveBack()
        #expect(limit.take() == true)
        #expect(limit.current.limit == 5)
        #expect(limit.current.underWay == 5)
    }

    @Test("three tenths fewer of what is under way, once for all that were sent before, and never below two")
    func pushedBack() {
        let limit = ConcurrencyLimit(ceiling: 1_000)
        for _ in 0..<100 { _ = limit.take() }
        for _ in 0..<100 { limit.pushedBack(sentAt: 10, now: 20) }
        #expect(limit.current.limit == 70)
        limit.pushedBack(sentAt: 21, now: 30)
        #expect(limit.current.limit == 49)
        for now in 0..<100 { limit.pushedBack(sentAt: 31 + UInt64(now), now: 31 + UInt64(now)) }
        #expect(limit.current.limit == 2)
    }

    @Test("what one of few meets says nothing of how many the target bears")
    func few() {
        let limit = ConcurrencyLimit(ceiling: 1_000)
        _ = limit.take()
        for moment in 1..<100 { limit.pushedBack(sentAt: UInt64(moment), now: UInt64(moment)) }
        #expect(limit.current.limit == 11)
    }

    @Test("a target that comes back begins with few")
    func begins() {
        let limit = ConcurrencyLimit(ceiling: 1_000)
        limit.beginWithFew()
        #expect(limit.current.limit == 16)
    }

    @Test("one more for a full window of answers, up to the ceiling")
    func raised() {
        let limit = ConcurrencyLimit(ceiling: 4)
        _ = limit.take()
        limit.pushedBack(sentAt: 1, now: 2)
        #expect(limit.current.limit == 2)
        limit.answered()
        #expect(limit.current.limit == 2)
        limit.answered()
        #expect(limit.current.limit == 3)
        for _ in 0..<3 { limit.answered() }
        #expect(limit.current.limit == 4)
        for _ in 0..<100 { limit.answered() }
        #expect(limit.current.limit == 4)
    }
}
