/// Why there is no token.
enum TokenFailure: Error, Equatable {
    /// The vendor does not know our client or its secret.
    case rejected(status: Int)
    /// The token endpoint could not be asked, or there was no room to wait for it.
    case unavailable(AttemptFailure)
    /// The token endpoint has its own trouble, or more requests than it takes.
    case vendorError(status: Int)
    /// The answer is no token (RFC 6749 section 5.1).
    case unintelligible(reason: String)

    /// Whether it may be over at once, as a restart of the endpoint or a closed connection is: the first such failure
    /// is no reason to leave the endpoint alone. Not what took its time already, and not what stays until somebody
    /// corrects it.
    var mayPassAtOnce: Bool {
        switch self {
        case .unavailable(.notConnected), .unavailable(.refused), .unavailable(.endedWithoutAnswer),
            .unavailable(.answerCutShort):
            true
        case .vendorError(let status): status >= 500
        case .unavailable, .rejected, .unintelligible: false
        }
    }
}

extension TokenFailure: CustomStringConvertible {
    /// In a few words, for the log. Nothing of what the endpoint has sent but its status.
    var description: String {
        switch self {
        case .rejected(let status): "the client credentials were rejected (status \(status))"
        case .unavailable(let failure): failure.description
        case .vendorError(let status): "the token endpoint answered with status \(status)"
        case .unintelligible(let reason): reason
        }
    }
}
