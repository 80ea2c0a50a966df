import Testing

@testable import GatewayProxy

@Suite("When the gateway tries again by itself")
struct RetryPolicyTests {
    private static let policy = RetryPolicy(
        attemptsMax: 3, pauseNanoseconds: 100, pauseNanosecondsMax: 1_000)

    @Test(
        "what the vendor cannot have acted on is repeated, for an update and for a create",
        arguments: [AttemptFailure.notConnected(reason: "refused"), .refused])
    func beforeProcessing(failure: AttemptFailure) {
        for isIdempotent in [true, false] {
            #expect(
                Self.policy.decide(failure, attemptsMade: 1, isIdempotent: isIdempotent, random: 1)
                    == .retry(afterNanoseconds: 100))
        }
    }

    @Test("a request that went out and was not answered is repeated only where twice is like once")
    func endedWithoutAnswer() {
        let failure = AttemptFailure.endedWithoutAnswer(reason: "closed")
        #expect(
            Self.policy.decide(failure, attemptsMade: 1, isIdempotent: true, random: 1)
                == .retry(afterNanoseconds: 100))
        #expect(Self.policy.decide(failure, attemptsMade: 1, isIdempotent: false, random: 1) == .giveUp)
    }

    @Test(
        "what would not go better, or might still be at work, is never repeated",
        arguments: [
            AttemptFailure.notTrusted(reason: "expired"), .queueFull, .queueTimedOut,
            .timedOutBeforeSending, .timedOut, .answerCutShort(status: 200, reason: "closed"),
            .answerTooLarge(status: 200), .answerMalformed(status: 0, reason: "a rule"),
        ])
    func never(failure: AttemptFailure) {
        #expect(Self.policy.decide(failure, attemptsMade: 1, isIdempotent: true, random: 1) == .giveUp)
    }

    @Test("there are as many attempts as configured, the first included")
    func attempts() {
        #expect(
            Self.policy.decide(.refused, attemptsMade: 2, isIdempotent: true, random: 1)
                == .retry(afterNanoseconds: 200))
        #expect(Self.policy.decide(.refused, attemptsMade: 3, isIdempotent: true, random: 1) == .giveUp)
        let once = RetryPolicy(attemptsMax: 1, pauseNanoseconds: 100, pauseNanosecondsMax: 1_000)
        #expect(once.decide(.refused, attemptsMade: 1, isIdempotent: true, random: 1) == .giveUp)
    }

    @Test("pauses double up to the longest, and randomness only shortens them")
    func pauses() {
        let policy = RetryPolicy(attemptsMax: .max, pauseNanoseconds: 100, pauseNanosecondsMax: 1_000)
        func pause(_ attempts: Int, _ random: Double) -> RetryPolicy.Decision {
            policy.decide(.refused, attemptsMade: attempts, isIdempotent: true, random: random)
        }
        let full = [1, 2, 3, 4, 5, 6, 100].map { pause($0, 1) }
        #expect(full == [100, 200, 400, 800, 1_000, 1_000, 1_000].map { .retry(afterNanoseconds: $0) })
        #expect(pause(3, 0.5) == .retry(afterNanoseconds: 200))
        #expect(pause(3, 0) == .retry(afterNanoseconds: 0))
        #expect(pause(3, -1) == .retry(afterNanoseconds: 0))
        #expect(pause(3, 7) == .retry(afterNanoseconds: 400))
    }

    @Test("pauses as long as a configuration can say do not overflow")
    func longPauses() {
        let policy = RetryPolicy(
            attemptsMax: 50, pauseNanoseconds: .max / 2, pauseNanosecondsMax: .max / 2)
        for attempts in 1..<50 {
            let decision = policy.decide(.refused, attemptsMade: attempts, isIdempotent: true, random: 1)
            guard case .retry(let pause) = decision else {
                Issue.record("gave up")
                return
            }
            #expect(pause > .max / 4)
        }
    }
}
