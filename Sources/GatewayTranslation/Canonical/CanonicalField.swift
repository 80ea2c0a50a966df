/// One leaf of the canonical product: the smallest thing that a dialect maps as one.
package struct CanonicalField: Sendable {
    /// RFC 6901 pointer: `/name`, `/billing/taxGroup`.
    package let pointer: String
    package let shape: Shape
    /// One sentence, for the JSON Schema and the documentation.
    package let description: String

    /// `["billing", "taxGroup"]`. No canonical name contains `/` or `~`.
    package var tokens: [String] { self.pointer.dropFirst().split(separator: "/").map(String.init) }
}
