import GatewayTranslation

extension Problem {
    /// What a caller is told whose exchange was not finished when the gateway had to stop.
    ///
    /// - Parameter wasSent: a change was sent and not answered yet.
    static func stopping(target: String?, operation: ProductOperation, wasSent: Bool) -> Problem {
        guard wasSent else {
            return Problem(
                .overloaded, detail: "The gateway is stopping; nothing was sent.", target: target, retryAfterSeconds: 1)
        }
        return Problem(
            .vendorTimeout,
            detail: "The gateway had to stop before the vendor answered; the change may have been made.",
            target: target, verdict: OutcomeRule.verdict(on: .vendorTimeout, .unanswered, of: operation))
    }
}
