import GatewayTranslation

/// Decides whether a known caller may ask that, by the rules and the limits of its configuration. From the head alone:
/// which members an update may set is decided where it is read.
enum CallerAdmission {
    /// Why the caller may not come in; nil where it may. Takes the request from its limits, and notes what it is to be
    /// told of them.
    static func refusal(of question: inout Question, now: UInt64) -> Problem? {
        guard let caller = question.caller else { return nil }
        guard let operation = question.operation else { return Self.refusal(ofStream: question, from: caller) }
        if let access = caller.access {
            for target in question.targets {
                guard case .nothing = access.grant(operation, isDryRun: question.isDryRun, at: target.name) else {
                    continue
                }
                let what = question.isDryRun ? "rehearse \(operation.article) at" : "\(operation.verb) at"
                return Problem(
                    .forbidden, detail: "The caller \(caller.name) may not \(what) \(target.name).",
                    target: target.name)
            }
        }
        return self.excess(of: caller, requests: max(1, question.targets.count), &question, now: now)
    }

    /// Why a caller may not look what is kept of its own stream: it has used up its limits.
    static func refusal(ofInquiry question: inout Question, now: UInt64) -> Problem? {
        guard let caller = question.caller else { return nil }
        return self.excess(of: caller, requests: 1, &question, now: now)
    }

    private static func excess(
        of caller: Caller, requests: Int, _ question: inout Question, now: UInt64
    ) -> Problem? {
        guard let limits = caller.limits else { return nil }
        guard requests <= limits.largest else {
            return .neverAdmitted(requests, of: caller.name, atMost: limits.largest)
        }
        let reading = limits.take(requests, now: now)
        question.rateLimit = reading.policies
        guard !reading.isAdmitted else { return nil }
        let names = reading.violated.map { "\($0)" }.joined(separator: " and ")
        return Problem(
            .rateLimited,
            detail: reading.isForShare
                ? "The caller \(caller.name) asks faster than one instance may grant its \(names)."
                : "The caller \(caller.name) has used up its \(names).",
            retryAfterSeconds: max(1, CallerLimits.Reading.seconds(reading.waitNanoseconds)))
    }
}

extension Problem {
    /// A request that takes more at once than its caller's limits ever have: waiting does not help.
    fileprivate static func neverAdmitted(_ count: Int, of caller: String, atMost largest: Int) -> Problem {
        Problem(
            .rateLimited,
            detail: "A request to \(count) targets counts \(count) times, and the limits of the caller \(caller) admit "
                + "\(largest) at once: it can never pass. Send it to fewer targets at a time.",
            verdict: OutcomeRule.notSent(mayPass: false))
    }
}

extension CallerAdmission {
    /// Why a caller may not send a stream of updates: there is a target where none of its lines could be taken. Each
    /// line is held against the rules and taken from the limits when its turn comes.
    private static func refusal(ofStream question: borrowing Question, from caller: Caller) -> Problem? {
        guard question.stream != nil, let access = caller.access else { return nil }
        for target in question.targets {
            let grants = [ProductOperation.update, .create].map {
                access.grant($0, isDryRun: question.isDryRun, at: target.name)
            }
            guard grants.allSatisfy({ if case .nothing = $0 { true } else { false } }) else { continue }
            let what = question.isDryRun ? "rehearse changes at" : "change products at"
            return Problem(
                .forbidden, detail: "The caller \(caller.name) may not \(what) \(target.name).", target: target.name)
        }
        return nil
    }
}

extension ProductOperation {
    fileprivate var verb: String {
        switch self {
        case .update: "update products"
        case .create: "create products"
        case .read: "read products"
        }
    }

    fileprivate var article: String {
        switch self {
        case .update: "an update"
        case .create: "a create"
        case .read: "a read"
        }
    }
}
