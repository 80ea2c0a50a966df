/// A value that must never be seen: it has a name, and shows itself as `***` however it is printed,
/// interpolated, dumped or reflected.
///
/// Where it is needed `reveal()` gives the bytes; whoever calls it answers for where they go.
package struct Secret: Sendable, Equatable {
    /// Where it was read from; harmless to show.
    package let source: SecretSource
    private let bytes: [UInt8]?

    /// - Parameter bytes: the value; nil where secrets were not to be read.
    package init(source: SecretSource, bytes: [UInt8]?) {
        self.source = source
        self.bytes = bytes
    }

    /// The value as it goes into a request: no line end behind it, checked for its use.
    ///
    /// Nil only if the configuration was loaded without secrets (`SecretPolicy.ignored`), or with
    /// `.reported` on a machine that lacks this one.
    package func reveal() -> [UInt8]? { self.bytes }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "***" }
    package var debugDescription: String { "***" }
    /// Without this a mirror, and so `dump`, would list the stored properties.
    package var customMirror: Mirror { Mirror(self, children: [:], displayStyle: .struct) }
}
