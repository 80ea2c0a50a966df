/// Decides `outcome` and `retryable` of every problem. Nothing else does: a `Problem` takes both as a `Verdict`, and
/// only this file makes one.
///
/// `outcome` says what became of the change:
///
/// - What was not sent has changed nothing, and neither has reading.
/// - A status from 400 to 499 is a refusal: the vendor changed nothing. Not 408, with which a vendor gives up waiting
///   for us without saying how much it has acted on. A dialect may say of a status that it leaves the outcome open.
/// - 503 is a refusal where the dialect says so: with it a server says that it cannot take the request now.
/// - A success whose body tells of a failure is unknown: it says both "done" and "failed". It is a refusal only where
///   the dialect names the place as one at which the vendor refuses, the answer has no product beside it (GraphQL's
///   errors), and it is known what the answer says: a code, words or a field that the dialect knows.
/// - Where the vendor says so (207), or where one of several requests of a change was done and a later one was not,
///   some of it was done: partial.
/// - Everything else is unknown: no answer, a failure of the vendor's own (500 to 599), a success that cannot be
///   understood, a redirect. No dialect can make it certain.
/// - Where an earlier request of the same delivery carried the change and its outcome is unknown, it stays unknown,
///   however clearly a later one is refused.
///
/// `retryable` is true where a repetition is safe **and** may succeed without anybody changing anything:
///
/// - Not sent: repeating is always safe. It may succeed where the reason passes by itself: the gateway is overloaded,
///   the vendor cannot be reached, or is left alone for a while. Where only reading failed, also after a failure of the
///   vendor's own, a conflict or an answer that was not understood.
/// - Rejected: repeating is safe. It may succeed after a rate limit, while the vendor is unavailable, and for an update
///   after a conflict. A create that conflicts with what is there does so the next time too.
/// - Unknown: an update sends absolute values with PUT, so sending it twice leaves the same product as sending it once
///   (RFC 9110 §9.2.2); unless somebody else changed the same members in between, which the gateway cannot see.
///   A create may have created, and sending it again may create a second product. So an update is retryable, a create
///   is not. Nor is an update whose success complains of values: they would be complained of again.
/// - Never where the cause lasts: a certificate that is not trusted, a permanent redirect (RFC 9110 §15.4.2, §15.4.9),
///   a defect of the gateway.
package enum OutcomeRule {
    /// Judges one request of a delivery by how it ended.
    ///
    /// - Parameters:
    ///   - isReading: the request only reads what is to be changed.
    ///   - leavesOpen: the dialect says that the answer leaves the outcome open, though its status is a refusal.
    ///   - isRefusal: the dialect says that the vendor has changed nothing. Counts for 503 alone.
    ///   - isLasting: the cause does not pass by itself.
    package static func verdict(
        on code: ProblemCode, _ end: AttemptEnd, of operation: ProductOperation, isReading: Bool = false,
        leavesOpen: Bool = false, isRefusal: Bool = false, isLasting: Bool = false, said: SaidInSuccess = .nothing
    ) -> Verdict {
        let outcome =
            isReading
            ? .notSent
            : self.outcome(of: end, leavesOpen: leavesOpen, isRefusal: isRefusal, said: self.believed(said, code))
        let isRetryable =
            switch outcome {
            case .notSent: isReading ? self.mayReadLater(code, end) : self.passes(code)
            case .rejected: self.mayBeTakenLater(code, operation)
            // What is done already is done again with the same values.
            case .partial: operation == .update && self.mayBeTakenLater(code, operation)
            case .unknown: operation == .update && !self.isComplaint(code, end)
            }
        return Verdict(
            outcome, isRetryable: isRetryable,
            isLasting: isLasting || code == .internalError || self.isPermanentRedirect(end))
    }

    /// Nothing was sent to the vendor, and nothing before either.
    package static func notSent(_ code: ProblemCode) -> Verdict {
        self.verdict(on: code, .notSent, of: .update)
    }

    /// Nothing was sent, and whether it helps to try again is told by the moment rather than by the code: a body that
    /// came too slowly may come faster the next time.
    package static func notSent(mayPass: Bool) -> Verdict {
        Verdict(.notSent, isRetryable: mayPass, isLasting: false)
    }

    /// The same verdict where an earlier request of the delivery carried the change, with an unknown outcome.
    static func afterUnknownAttempt(_ verdict: Verdict, of operation: ProductOperation) -> Verdict {
        Verdict(.unknown, isRetryable: operation == .update, isLasting: verdict.isLasting)
    }

    /// An earlier request asked for the same, and nobody knows what became of it. Asking again could do it twice.
    package static let unknownSinceEarlier = Verdict(.unknown, isRetryable: false, isLasting: true)

    /// For a delivery that was given up before it had a result.
    ///
    /// - Parameter wasSent: a request that carried the change was sent, and its outcome is unknown.
    package static func outcome(ofAbandoned wasSent: Bool) -> Outcome { wasSent ? .unknown : .notSent }

    /// What an answer whose status tells of success says of the change otherwise.
    package enum SaidInSuccess: Sendable {
        case nothing
        /// That it was refused as a whole.
        case refused
        /// The same, in a value that says nothing else.
        case declined
        /// That some of it was done.
        case partlyDone
    }

    /// The verdict on a change of which earlier requests have done a part.
    static func afterPart(_ verdict: Verdict, of operation: ProductOperation) -> Verdict {
        Verdict(
            .partial, isRetryable: operation == .update && verdict.isRetryable, isLasting: verdict.isLasting)
    }

    /// A failure of the vendor's own is no refusal, wherever it stands.
    private static func believed(_ said: SaidInSuccess, _ code: ProblemCode) -> SaidInSuccess {
        guard said == .refused || said == .declined else { return said }
        return switch code {
        case .vendorError, .vendorUnavailable, .vendorTimeout, .vendorUnintelligible: .nothing
        default: said
        }
    }

    private static func outcome(
        of end: AttemptEnd, leavesOpen: Bool, isRefusal: Bool, said: SaidInSuccess
    ) -> Outcome {
        if case .answered(let status) = end, (200...299).contains(status) {
            switch said {
            case .nothing: return .unknown
            case .refused, .declined: return .rejected
            case .partlyDone: return .partial
            }
        }
        return switch end {
        case .notSent: .notSent
        case .unanswered: .unknown
        case .answered(status: 503) where isRefusal: .rejected
        case .answered(let status): self.isRefusal(status) && !leavesOpen ? .rejected : .unknown
        }
    }

    /// Whether a status can say that the vendor has changed nothing.
    static func isRefusal(_ status: Int) -> Bool { (400...499).contains(status) && status != 408 }

    /// Whether a success complains of values: sent again, they bring the same complaint.
    private static func isComplaint(_ code: ProblemCode, _ end: AttemptEnd) -> Bool {
        guard case .answered(let status) = end, (200...299).contains(status) else { return false }
        return code == .validationFailed || code == .referenceNotFound || code == .duplicateProduct
    }

    private static func isPermanentRedirect(_ end: AttemptEnd) -> Bool {
        end == .answered(status: 301) || end == .answered(status: 308)
    }

    /// Whether what kept a request from being sent passes by itself.
    private static func passes(_ code: ProblemCode) -> Bool {
        switch code {
        case .overloaded, .identityUnavailable, .rateLimited, .vendorUnreachable, .vendorUnavailable, .vendorTimeout,
            .storeUnavailable, .idempotencyConflict:
            true
        default: false
        }
    }

    private static func mayReadLater(_ code: ProblemCode, _ end: AttemptEnd) -> Bool {
        switch code {
        case .conflict, .vendorUnintelligible: true
        case .vendorError: if case .answered(let status) = end { !self.isRefusal(status) } else { true }
        default: self.passes(code)
        }
    }

    private static func mayBeTakenLater(_ code: ProblemCode, _ operation: ProductOperation) -> Bool {
        switch code {
        case .rateLimited, .vendorUnavailable: true
        case .conflict: operation == .update
        default: false
        }
    }
}

extension Problem {
    /// The same problem where earlier requests have done a part of the change.
    ///
    /// - Parameters:
    ///   - done: what they have written, as pointers into the caller's document.
    ///   - createdID: the id of the product that they have created.
    package func afterPart(done: [String], of operation: ProductOperation, createdID: [UInt8]? = nil) -> Problem {
        var problem = self
        problem.verdict = OutcomeRule.afterPart(self.verdict, of: operation)
        problem.done = done
        if problem.productID == nil { problem.productID = createdID.map { String(decoding: $0, as: UTF8.self) } }
        let list = done.isEmpty ? "" : " (\(done.joined(separator: ", ")))"
        if problem.detail.last?.isPunctuation != true { problem.detail += "." }
        problem.detail += " A part of the update was done before\(list); the rest was not, or nobody knows of it."
        return problem
    }

    /// The same problem where an earlier request of the same delivery carried the change, with an unknown outcome: the
    /// vendor may have acted on that one, whatever this one came to. Applying it twice is applying it once.
    package func afterUnknownAttempt(of operation: ProductOperation) -> Problem {
        guard self.outcome != .unknown, self.outcome != .partial else { return self }
        var problem = self
        problem.verdict = OutcomeRule.afterUnknownAttempt(self.verdict, of: operation)
        problem.detail += " An earlier attempt was sent and brought no clear answer; it may have taken effect."
        return problem
    }
}
