/// One value or member name on a tape: where its bytes are in the text, and where the next one is.
///
/// 16 bytes, trivial. It says nothing of what is inside the bytes: strings stay escaped, numbers stay text.
@frozen @usableFromInline
package struct JSONEntry: Sendable {
    /// Offset of the first byte; of a string or a name, its opening quote.
    @usableFromInline package let start: UInt32
    /// Offset behind the last byte; of a string or a name, behind its closing quote.
    @usableFromInline package var end: UInt32
    /// Of a value: the index of the first entry behind it and all it contains.
    /// Of a name: the seeded hash of the decoded name (see `JSONNameHash`).
    @usableFromInline package var link: UInt32
    @usableFromInline package let kind: JSONKind
    /// Whether a string or a name contains at least one escape, so that its bytes are not its content.
    @usableFromInline package let isEscaped: Bool

    @inlinable @inline(__always)
    init(kind: JSONKind, start: Int, end: Int, link: UInt32, isEscaped: Bool) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
        self.link = link
        self.kind = kind
        self.isEscaped = isEscaped
    }

    /// The length of the raw bytes, quotes included.
    @inlinable @inline(__always)
    package var byteCount: Int { Int(self.end &- self.start) }
}
