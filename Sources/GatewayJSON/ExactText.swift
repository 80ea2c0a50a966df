/// A text that is equal to another only where all of its bytes are the same.
///
/// Swift takes two strings for one where Unicode calls them canonically equivalent: `é` in one or two scalar values,
/// the Kelvin sign and `K`. Whoever decides who somebody is, or which rule counts, must not: the other side of the
/// decision compares bytes. Use this type for names and values that somebody else chooses, and for keys of dictionaries
/// with them.
package struct ExactText: Hashable, Sendable, Comparable, ExpressibleByStringInterpolation, CustomStringConvertible {
    /// UTF-8.
    package let bytes: [UInt8]

    package init(_ text: some StringProtocol) { self.bytes = Array(text.utf8) }

    package init(bytes: [UInt8]) { self.bytes = bytes }

    package init(stringLiteral text: String) { self.init(text) }

    /// For people, logs and answers; never to compare.
    package var description: String { String(decoding: self.bytes, as: UTF8.self) }

    /// All bytes at once: an array would have each hashed by itself.
    package func hash(into hasher: inout Hasher) { self.bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }

    package static func < (one: ExactText, other: ExactText) -> Bool {
        one.bytes.lexicographicallyPrecedes(other.bytes)
    }
}

extension JSONNode {
    /// A string's decoded content, byte for byte; nil for every other kind.
    package var exactText: ExactText? { self.string.map { ExactText($0) } }
}
