/// Something that happened within a span and took a while: what was waited for.
package struct SpanEvent: Sendable, Equatable {
    package enum Kind: UInt8, Sendable, CaseIterable {
        /// For a connection or a stream that has room.
        case queue
        /// For an access token.
        case token
        /// For a target that is left alone for a moment, or takes only so many requests at a time.
        case gate
        /// The request asks whether a target that had failed is back.
        case probe
        /// The answer is that of an earlier request with the same idempotency key.
        case replay
        /// Before a further attempt.
        case pause
        /// For the turn of an update to a product that somebody else was writing.
        case turn

        /// As a tracing system shows it.
        var name: String {
            switch self {
            case .queue: "waited for a connection"
            case .token: "waited for a token"
            case .gate: "held back from the target"
            case .probe: "probed the target"
            case .replay: "replayed the kept answer"
            case .pause: "paused before a retry"
            case .turn: "waited for its turn"
            }
        }
    }

    package var kind: Kind
    /// Unix time in nanoseconds.
    package var atNanoseconds: UInt64
    package var durationNanoseconds: UInt64

    package init(_ kind: Kind, atNanoseconds: UInt64, durationNanoseconds: UInt64) {
        self.kind = kind
        self.atNanoseconds = atNanoseconds
        self.durationNanoseconds = durationNanoseconds
    }
}
