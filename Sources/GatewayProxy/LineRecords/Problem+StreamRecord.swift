import GatewayTranslation

/// What a caller is told because of its stream's key.
extension Problem {
    /// Another stream with the key owns the record, or its time is over.
    static let streamLost = Problem(
        .idempotencyConflict,
        detail: "Another stream with the same Idempotency-Key has taken this one's place, or what was kept of it has "
            + "been forgotten after idempotency.retention. No further line is sent.",
        retryAfterSeconds: 1)

    static func tooManyLines(_ linesMax: Int) -> Problem {
        Problem(
            .validationFailed,
            detail: "The lines of a stream with an Idempotency-Key are kept up to number \(linesMax); send the rest as "
                + "another stream.")
    }

    /// Lines with these numbers are done, and were others.
    static func linesReused(target: String, _ numbers: ClosedRange<Int>, earlier requestID: String) -> Problem {
        Problem(
            .idempotencyKeyReused,
            detail: "The line is done with this Idempotency-Key, since request \(requestID) or later; but of lines "
                + "\(numbers.lowerBound) to \(numbers.upperBound) not all that are done came again as they were. Send "
                + "what has changed with another key, and leave lines that are done either all as they were or empty.",
            target: target)
    }

    /// There is no record of a stream with the key, for this caller.
    static let nothingKept = Problem(
        .notFound,
        detail: "Nothing is kept of a stream of yours with this Idempotency-Key: it was never sent, or has been "
            + "forgotten.")

    /// Nobody knows what became of an earlier create.
    ///
    /// - Parameter isLookedUp: the vendor was asked for the product, and has not shown it.
    static func lineUnknown(target: String, earlier requestID: String, isLookedUp: Bool) -> Problem {
        let reason =
            isLookedUp
            ? "looking it up has not shown that it has; nothing was created."
            : "the vendor cannot be asked; nothing was sent."
        return Problem(
            .outcomeUnknown,
            detail: "An earlier stream with the same Idempotency-Key (first request \(requestID)) may have created the "
                + "product at \(target), and " + reason,
            target: target, verdict: OutcomeRule.unknownSinceEarlier)
    }
}
