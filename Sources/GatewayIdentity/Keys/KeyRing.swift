/// The digests of the keys of all callers, to find whose a shown key is.
///
/// Immutable, shared by all event loops.
package struct KeyRing: Sendable {
    private let digests: [Digest]

    /// - Parameter digests: in an order that the caller knows.
    package init(_ digests: [Digest]) {
        self.digests = digests
    }

    package var isEmpty: Bool { self.digests.isEmpty }

    /// The position of a key's digest; nil where it is nobody's. Looks at all of them, by the same steps whatever they
    /// are, so that the time tells nothing of how near a guess is.
    package func position(of digest: Digest) -> Int? {
        var found = 0
        for (position, known) in self.digests.enumerated() {
            let difference = known.difference(from: digest)
            // All ones where there is no difference, otherwise zero.
            let mask = ((difference | (0 &- difference)) >> 63) &- 1
            found |= (position + 1) & Int(truncatingIfNeeded: mask)
        }
        return found == 0 ? nil : found - 1
    }
}
