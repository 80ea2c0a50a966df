import Testing

@testable import GatewayProxy

@Suite("When the gateway tries again by itself")
struct RetryPolicyTests {
    private static let policy = RetryPolicy(
        attemptsMax: 3, pauseNanoseconds: 100, pauseNanosecondsMax: 1_000)
    private static let second: UInt64 = 1_000_000_000

    @Test("there are as many attempts as configured, the first included")
    func attempts() {
        #expect(
            Self.policy.decide(.refused, of: .update, attemptsMade: 2, random: 1) == .retry(afterNanoseconds: 200))
        #expect(Self.policy.decide(.refused, of: .update, attemptsMade: 3, random: 1) == .giveUp)
        let once = RetryPolicy(attemptsMax: 1, pauseNanoseconds: 100, pauseNanosecondsMax: 1_000)
        for event in RepeatRule.Event.allCases {
            #expect(once.decide(event, of: .update, attemptsMade: 1, random: 1) == .giveUp)
        }
    }

    @Test("what the table does not permit is not repeated")
    func permitted() {
        #expect(Self.policy.decide(.timedOut, of: .update, attemptsMade: 1, random: 1) == .giveUp)
        #expect(Self.policy.decide(.unanswered, of: .createWithVendorsID, attemptsMade: 1, random: 1) == .giveUp)
    }

    @Test("what never came to the vendor is sent again at once, the first time")
    func atOnce() {
        for event: RepeatRule.Event in [.notConnected, .refused] {
            #expect(
                Self.policy.decide(event, of: .createWithVendorsID, attemptsMade: 1, random: 1)
                    == .retry(afterNanoseconds: 0))
        }
    }

    @Test("pauses double up to the longest, and randomness only shortens them")
    func pauses() {
        let policy = RetryPolicy(attemptsMax: .max, pauseNanoseconds: 100, pauseNanosecondsMax: 1_000)
        func pause(_ attempts: Int, _ random: Double) -> RetryPolicy.Decision {
            policy.decide(.unanswered, of: .update, attemptsMade: attempts, random: random)
        }
        let full = [1, 2, 3, 4, 5, 6, 100].map { pause($0, 1) }
        #expect(full == [100, 200, 400, 800, 1_000, 1_000, 1_000].map { .retry(afterNanoseconds: $0) })
        #expect(pause(3, 0.5) == .retry(afterNanoseconds: 200))
        #expect(pause(3, 0) == .retry(afterNanoseconds: 0))
        #expect(pause(3, -1) == .retry(afterNanoseconds: 0))
        #expect(pause(3, 7) == .retry(afterNanoseconds: 400))
    }

    @Test(
        "a vendor that says when is asked then, at most a tenth later",
        arguments: [RepeatRule.Event.throttled, .unavailable])
    func retryAfter(event: RepeatRule.Event) {
        func pause(_ random: Double) -> RetryPolicy.Decision {
            Self.policy.decide(
                event, of: .update, attemptsMade: 1, retryAfterNanoseconds: 10 * Self.second, random: random)
        }
        #expect(pause(0) == .retry(afterNanoseconds: 10 * Self.second))
        #expect(pause(1) == .retry(afterNanoseconds: 11 * Self.second))
    }

    @Test("a vendor that asks for less and does not say for how long is left alone for a second, then for two")
    func throttled() {
        let pauses = [1, 2].map { Self.policy.decide(.throttled, of: .update, attemptsMade: $0, random: 0) }
        #expect(pauses == [.retry(afterNanoseconds: Self.second), .retry(afterNanoseconds: 2 * Self.second)])
    }

    @Test("pauses as long as a configuration can say do not overflow")
    func longPauses() {
        let policy = RetryPolicy(
            attemptsMax: 50, pauseNanoseconds: .max / 2, pauseNanosecondsMax: .max / 2)
        for attempts in 1..<50 {
            let decision = policy.decide(.unanswered, of: .update, attemptsMade: attempts, random: 1)
            guard case .retry(let pause) = decision else {
                Issue.record("gave up")
                return
            }
            #expect(pause > .max / 4)
        }
    }
}
