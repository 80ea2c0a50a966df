/// What happens to members that a target cannot take (RFC 7240 §4.4).
package enum Handling: String, Sendable, CaseIterable {
    /// The request is refused with `unsupported_field`. The default.
    case strict
    /// The members are dropped, each with a warning.
    case lenient
}
