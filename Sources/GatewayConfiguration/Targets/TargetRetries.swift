/// When and how often an attempt is repeated.
///
/// Says how often at most; what is safe to repeat is decided by the exchange: an update that was
/// not sent, or that the vendor asked to send again, never one with an unknown outcome that could
/// take effect twice.
package struct TargetRetries: Sendable, Equatable {
    /// Attempts in all: 1 never repeats.
    package var attempts: Int
    /// The longest pause before the second attempt; doubled before each further one.
    package var backoff: Duration
    /// The longest pause before any attempt.
    package var backoffMax: Duration
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
