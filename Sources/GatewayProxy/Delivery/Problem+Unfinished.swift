import GatewayTranslation

extension Problem {
    /// For a result that should be there and is not: our own fault, said as such.
    static func unfinished(target: String) -> Problem {
        Problem(
            .internalError, detail: "The gateway lost the result of this target.", target: target,
            verdict: OutcomeRule.verdict(on: .internalError, .unanswered, of: .update))
    }
}
