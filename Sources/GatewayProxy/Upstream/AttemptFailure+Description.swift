extension AttemptFailure: CustomStringConvertible {
    /// In a few words, for the log. Holds what the system or TLS says, and nothing that the vendor has sent but its
    /// status.
    var description: String {
        switch self {
        case .notConnected(let reason): reason
        case .notTrusted(let reason): "the certificate is not trusted (\(reason))"
        case .queueFull: "too many requests are waiting"
        case .queueTimedOut: "all connections stayed busy"
        case .timedOutBeforeSending: "no connection in time"
        case .refused: "the request was refused unprocessed"
        case .timedOut: "no answer in time"
        case .endedWithoutAnswer(let reason): "no answer (\(reason))"
        case .answerCutShort(let status, let reason): "an answer with status \(status) broke off (\(reason))"
        case .answerTooLarge(let status): "an answer with status \(status) was too large"
        case .answerMalformed(_, let reason): "the answer was malformed (\(reason))"
        }
    }
}
