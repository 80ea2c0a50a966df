/// What happens to fields of an update that a target cannot take: `handling` of a target in `gateway.json`, and what a
/// caller asks for with `Prefer: handling` (RFC 7240 §4.4).
package enum Handling: String, Sendable, CaseIterable {
    /// The update is refused with `unsupported_field`, and nothing is sent. The default.
    case strict
    /// The fields are dropped, each with a warning.
    case lenient
}
