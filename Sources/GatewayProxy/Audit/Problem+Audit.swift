import GatewayTranslation

extension Problem {
    /// A change that has to be in the audit cannot be recorded there now.
    static let auditUnavailable = Problem.auditUnavailable(target: nil)

    static func auditUnavailable(target: String?) -> Problem {
        Problem(
            .overloaded, detail: "The change could not be recorded in the audit now, which it has to be.",
            target: target, retryAfterSeconds: 1)
    }
}
