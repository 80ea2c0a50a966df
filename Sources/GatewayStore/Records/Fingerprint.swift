/// What a request asks for, so that another request with the same key is told from a repetition.
package struct Fingerprint: Equatable, Sendable {
    /// What a request is made of, in the order in which a caller is told what differs.
    package enum Part: Int, CaseIterable, Sendable {
        case operation, id, targets, preferences, body
    }

    /// 32 bits of each part: only to say what differs where the digests do.
    package struct Hints: Equatable, Sendable {
        private var operation: UInt32 = 0
        private var id: UInt32 = 0
        private var targets: UInt32 = 0
        private var preferences: UInt32 = 0
        private var body: UInt32 = 0

        package init() {}

        package subscript(part: Part) -> UInt32 {
            get {
                switch part {
                case .operation: self.operation
                case .id: self.id
                case .targets: self.targets
                case .preferences: self.preferences
                case .body: self.body
                }
            }
            set {
                switch part {
                case .operation: self.operation = newValue
                case .id: self.id = newValue
                case .targets: self.targets = newValue
                case .preferences: self.preferences = newValue
                case .body: self.body = newValue
                }
            }
        }
    }

    /// Decides: SHA-256 of all parts, each with its length.
    package let digest: Digest256
    package let hints: Hints

    package init(digest: Digest256, hints: Hints) {
        self.digest = digest
        self.hints = hints
    }

    package static func == (one: Fingerprint, other: Fingerprint) -> Bool { one.digest == other.digest }

    /// The parts in which two requests differ, as far as the hints tell.
    package func differences(from other: Fingerprint) -> [Part] {
        Part.allCases.filter { self.hints[$0] != other.hints[$0] }
    }

    /// How many bytes `append` appends.
    package static let byteCount = 32 + 4 * Part.allCases.count

    /// 32 bytes of the digest and four of each hint.
    package func append(to bytes: inout [UInt8]) {
        self.digest.append(to: &bytes)
        for part in Part.allCases { bytes.append(bigEndian: self.hints[part]) }
    }

    /// What `append` appends.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        self.append(to: &bytes)
        return bytes
    }

    /// Nil where the bytes are none that `bytes` has written.
    package init?(bytes: ArraySlice<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.digest = Digest256(bytes)
        var hints = Hints()
        var rest = bytes.dropFirst(32)
        for part in Part.allCases {
            hints[part] = rest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
            rest = rest.dropFirst(4)
        }
        self.hints = hints
    }
}
