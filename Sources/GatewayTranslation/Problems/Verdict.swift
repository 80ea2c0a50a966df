/// What a caller is told about the consequences of a failure: `outcome` and `retryable`. Made by `OutcomeRule` only.
package struct Verdict: Equatable, Sendable {
    package let outcome: Outcome
    /// Whether sending the very same request again is safe and may succeed.
    package let isRetryable: Bool
    /// The cause stays until somebody changes a set-up, so that a repetition cannot succeed, however safe it is.
    let isLasting: Bool

    /// For `OutcomeRule`.
    init(_ outcome: Outcome, isRetryable: Bool, isLasting: Bool) {
        self.outcome = outcome
        self.isRetryable = isRetryable && !isLasting
        self.isLasting = isLasting
    }
}
