/// How large and how deep a text may be before it is refused.
package struct JSONLimits: Sendable, Equatable {
    /// The longest accepted text, in bytes.
    package var bytesMax: Int
    /// The deepest accepted nesting of objects and arrays. `[]` has depth 1.
    package var depthMax: Int

    /// Offsets on the tape are 32 bits wide, so no text may be longer than this, whatever is asked.
    package static let bytesMaxPossible = 1 << 30

    package init(bytesMax: Int, depthMax: Int) {
        self.bytesMax = max(0, min(bytesMax, Self.bytesMaxPossible))
        self.depthMax = max(1, depthMax)
    }

    /// For a caller's or a vendor's product: 1 MiB is hundreds of times a real product, and a tape
    /// costs at most 8 bytes for each byte of text. Real products nest 6 deep; 64 leaves room for
    /// custom fields, and keeps anything that walks the tree recursively far from the stack's end.
    package static let exchange = JSONLimits(bytesMax: 1 << 20, depthMax: 64)

    /// For files that the operator wrote: configuration and dialects.
    package static let file = JSONLimits(bytesMax: 8 << 20, depthMax: 64)
}
