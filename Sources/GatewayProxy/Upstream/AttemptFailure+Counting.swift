import GatewayMetrics

extension AttemptFailure {
    var counted: AttemptOutcome {
        switch self {
        case .notConnected: .notConnected
        case .notTrusted: .notTrusted
        case .queueFull: .queueFull
        case .queueTimedOut: .queueTimedOut
        case .timedOutBeforeSending: .timedOutBeforeSending
        case .refused: .refused
        case .timedOut: .timedOut
        case .endedWithoutAnswer: .endedWithoutAnswer
        case .answerCutShort: .answerCutShort
        case .answerTooLarge: .answerTooLarge
        case .answerMalformed: .answerMalformed
        }
    }
}
