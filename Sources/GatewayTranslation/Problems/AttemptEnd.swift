/// How far one request to a vendor came, as far as the gateway can tell.
package enum AttemptEnd: Equatable, Sendable {
    /// The vendor has not acted on it: it was never sent, or the vendor gave it back unprocessed (RFC 9113 §8.7).
    case notSent
    /// It was sent, and no answer came that could be read to its end.
    case unanswered
    /// It was answered with this HTTP status.
    case answered(status: Int)
}
