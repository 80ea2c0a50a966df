import GatewayTranslation

extension Problem {
    /// An earlier line of the same product has failed, or nobody knows what became of it.
    static func predecessorFailed(target: String) -> Problem {
        Problem(
            .predecessorFailed,
            detail: "An earlier line of this product failed at \(target), or its outcome is unknown; nothing was sent.",
            target: target)
    }

    /// More products have failed lines than are remembered.
    static func tooManyFailed(idsMax: Int) -> Problem {
        Problem(
            .validationFailed,
            detail: "Lines of \(idsMax) products have failed; no further line is taken. Correct what they have in "
                + "common, or send the stream with onFailure=continue.")
    }

    /// The caller takes no results while it sends.
    static let resultsNotRead = Problem(
        .overloaded,
        detail: "The results are not read, and no more of them can be held: read while you send, or ask for failures "
            + "only with \"prefer: return=minimal\". The lines behind the last result were not sent.",
        verdict: OutcomeRule.notSent(mayPass: false))

    /// Too many streams at once.
    static func tooManyStreams(_ streamsMax: Int) -> Problem {
        Problem(
            .overloaded, detail: "The gateway has \(streamsMax) streams under way here already.",
            retryAfterSeconds: 10)
    }

    static let streamStands = Problem(
        .invalidRequest,
        detail: "Nothing more of the stream has come for too long. A line takes no longer than a body may "
            + "(limits.bodyTimeout), and no two are further apart than limits.idleTimeout.",
        verdict: OutcomeRule.notSent(mayPass: true))
}
