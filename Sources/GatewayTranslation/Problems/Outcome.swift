/// What became of a change, as far as the gateway can tell. Decided by `OutcomeRule`.
package enum Outcome: String, Sendable {
    /// No change was sent to the vendor.
    case notSent = "not_sent"
    /// The vendor refused; nothing was changed.
    case rejected
    /// Some of the change was made, and some was not, or nobody knows of it.
    case partial
    /// The change may or may not have been made.
    case unknown
}
