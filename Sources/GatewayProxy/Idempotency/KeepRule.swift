import GatewayTranslation

/// Whether what came of a target holds for every repetition of the request.
enum KeepRule {
    enum Verdict: Equatable {
        /// A repetition gets the same answer.
        case keep
        /// Nothing happened: a repetition runs.
        case release
        /// The change may have been made: what a repetition does is decided by `RepetitionRule`.
        case leaveOpen
    }

    /// - Parameter mayHaveActed: a change was sent, by this request or an earlier one, and not answered.
    static func verdict(on result: DeliveryResult.Kind, _ problem: Problem?, mayHaveActed: Bool) -> Verdict {
        switch result {
        case .success, .replayed: return .keep
        case .dryRun: return .release
        case .none: return mayHaveActed ? .leaveOpen : .release
        case .problem:
            guard let problem else { return mayHaveActed ? .leaveOpen : .release }
            switch problem.outcome {
            case .notSent: return mayHaveActed ? .leaveOpen : .release
            case .unknown: return .leaveOpen
            case .partial:
                // A repetition of an update completes it; what cannot be completed so has its answer.
                return problem.isRetryable ? .leaveOpen : .keep
            case .rejected:
                // What others have to mend, a quota or a right, may be mended before the request comes again.
                return !problem.isRetryable && problem.code.meaning.actor == .caller ? .keep : .release
            }
        }
    }
}
