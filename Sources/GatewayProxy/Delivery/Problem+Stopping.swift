import GatewayTranslation

extension Problem {
    /// What a caller is told whose exchange was not finished when the gateway had to stop.
    ///
    /// - Parameter mayHaveActed: something was sent that no answer came for.
    static func stopping(target: String?, operation: ProductOperation, mayHaveActed: Bool) -> Problem {
        guard mayHaveActed else {
            return Problem(
                .overloaded, detail: "The gateway is stopping; nothing was sent.", target: target,
                outcome: .notSent, isRetryable: true, retryAfterSeconds: 1)
        }
        return Problem(
            .vendorTimeout,
            detail: "The gateway had to stop before the vendor answered; the change may have been made.",
            target: target, outcome: .unknown,
            isRetryable: Retryability.isRetryable(.vendorTimeout, outcome: .unknown, operation: operation))
    }
}
