/// What has become of a line that was pushed, at all of its targets together.
package enum LineFate: Int, Comparable, Sendable {
    case done
    /// The gateway or a vendor says no, to all of it or to a part, with reasons: the line has to be changed.
    case refused
    /// It was not tried, for a reason that lies outside it.
    case unprocessed
    /// It may have been done.
    case unknown

    package static func < (one: LineFate, other: LineFate) -> Bool { one.rawValue < other.rawValue }

    /// Codes with which a line is not sent that is not at fault itself, whatever their status: an earlier line is, or
    /// what the stream began with has ended, a limit or a token.
    private static let passing: Set<String> = ["predecessor_failed", "rate_limited", "unauthenticated"]

    init(_ outcome: PushResult.Outcome, status: Int, code: String?, isRetryable: Bool, isDryRun: Bool) {
        switch outcome {
        case .done: self = .done
        case .unknown: self = .unknown
        case .notSent where isDryRun: self = .done
        case .partial, .rejected, .notSent:
            let isPassing = isRetryable || status >= 500 || Self.passing.contains(code ?? "")
            self = isPassing ? .unprocessed : .refused
        }
    }
}
