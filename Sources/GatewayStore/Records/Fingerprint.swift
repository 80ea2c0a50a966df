/// What a request asks for, so that another request with the same key is told from a repetition.
package struct Fingerprint: Equatable, Sendable {
    /// What a request is made of, in the order in which a caller is told what differs.
    package enum Part: Int, CaseIterable, Sendable {
        case operation, id, targets, preferences, body
    }

    /// Decides: SHA-256 of all parts, each with its length.
    package let digest: Digest256
    /// Only to say what differs where the digests do: 32 bits of each part.
    package let hints: [UInt32]

    /// - Parameter hints: one for each part, in the order of `Part`.
    package init(digest: Digest256, hints: [UInt32]) {
        self.digest = digest
        self.hints = hints
    }

    package static func == (one: Fingerprint, other: Fingerprint) -> Bool { one.digest == other.digest }

    /// The parts in which two requests differ, as far as the hints tell.
    package func differences(from other: Fingerprint) -> [Part] {
        guard self.hints.count == Part.allCases.count, other.hints.count == Part.allCases.count else { return [] }
        return Part.allCases.filter { self.hints[$0.rawValue] != other.hints[$0.rawValue] }
    }

    /// 32 bytes of the digest and four of each hint.
    package var bytes: [UInt8] {
        var bytes = self.digest.bytes
        for hint in self.hints { withUnsafeBytes(of: hint.bigEndian) { bytes.append(contentsOf: $0) } }
        return bytes
    }

    /// Nil where the bytes are none that `bytes` has written.
    package init?(bytes: ArraySlice<UInt8>) {
        guard bytes.count == 32 + 4 * Part.allCases.count else { return nil }
        self.digest = Digest256(bytes)
        var hints: [UInt32] = []
        var rest = bytes.dropFirst(32)
        while !rest.isEmpty {
            hints.append(rest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
            rest = rest.dropFirst(4)
        }
        self.hints = hints
    }
}
