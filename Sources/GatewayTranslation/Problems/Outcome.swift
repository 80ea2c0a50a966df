/// What became of a request, as far as the gateway can tell.
package enum Outcome: String, Sendable {
    /// Nothing reached the vendor.
    case notSent = "not_sent"
    /// The vendor refused; nothing was changed.
    case rejected
    /// Sent, and no answer was understood: the change may or may not have been made.
    case unknown
}
