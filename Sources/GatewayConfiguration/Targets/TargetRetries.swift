/// When and how often an attempt is repeated.
///
/// Says how often at most; what is safe to repeat is decided by the delivery: see `docs/retries.md`.
package struct TargetRetries: Sendable, Equatable {
    /// Attempts in all: 1 never repeats.
    package var attempts: Int
    /// The longest pause before the second attempt; doubled before each further one.
    package var backoff: Duration
    /// The longest pause before any attempt.
    package var backoffMax: Duration
    package var budget: RetryBudget
}

/// What retries may add to the load of a target.
package struct RetryBudget: Sendable, Equatable {
    /// Of the target's requests in the window.
    package var percent: Int
    /// Besides.
    package var perSecond: Int
    package var window: Duration
}

extension RetryBudget: DefaultedObject {
    init(reading reader: KeyReader) {
        self.percent = reader.value(
            "percent", .integer(in: 0...100, of: "a percentage"), default: 20,
            """
            How much retries may add to the target's requests of the window. A retry after an answer that asks \
            for less (429, `Retry-After`) counts as one, a retry after a failure as 2.8: in an outage three attempts \
            for each request would be three times the load, at the worst of moments.
            """,
            examples: [20])
        self.perSecond = reader.value(
            "perSecond", .integer(in: 0...1000, of: "a number of retries"), default: 1,
            """
            Retries a second besides, so that a target with few requests has some too. 0 with a `percent` of 0 repeats \
            only what a vendor has given back unseen, once.
            """,
            examples: [1])
        self.window = reader.value(
            "window", .duration(from: .seconds(1), to: .seconds(60)), default: .seconds(10),
            "The time over which requests and retries are counted.",
            examples: ["10s"])
    }
}

extension TargetRetries: DefaultedObject {
    init(reading reader: KeyReader) {
        self.attempts = reader.value(
            "attempts", .integer(in: 1...10, of: "a number of attempts"), default: 3,
            """
            Attempts in all, the first included: 1 never repeats. Three get over one bad connection \
            and one busy moment without multiplying the load of a vendor that is down.
            """,
            examples: [3, 1])
        self.backoff = reader.value(
            "backoff", .duration(from: .milliseconds(1), to: .seconds(60)), default: .milliseconds(100),
            """
            The longest pause before the second attempt, doubled before each further one. The real \
            pause is random below it, so that callers do not come back all at once.
            """,
            examples: ["100ms"])
        self.backoffMax = reader.value(
            "backoffMax", .duration(from: .milliseconds(1), to: .seconds(300)), default: .seconds(2),
            "The longest pause before any attempt, however often it was doubled.",
            examples: ["2s"])

        self.budget = reader.object(
            "budget", RetryBudget.self, "How many retries the target gets, those of all workers together.")

        if self.backoff > self.backoffMax {
            reader.members.refuse(
                at: reader.members.isPresent("backoff") ? "backoff" : "backoffMax",
                message: """
                    backoff (\(DurationText.text(self.backoff))) must not be longer than \
                    backoffMax (\(DurationText.text(self.backoffMax)))
                    """)
        }
    }
}
