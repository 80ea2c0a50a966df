import GatewayHTTP
import GatewayJSON

/// Folds an answer that is not a success into a problem: classifies by code or name, then by status; places what it
/// says about fields in the caller's document.
///
/// An answer may be none though its status is: then the status that its body gives is taken instead.
///
/// Not copyable, because copying what it holds would cost a good part of what it does.
struct ErrorFolder: ~Copyable {
    let answer: VendorAnswer
    let request: VendorRequest?
    let operation: ProductOperation
    /// Whether the answer is to a request that only reads.
    let isReading: Bool
    let plan: TargetPlan
    let nowEpochSeconds: Int?
    let limits: JSONLimits
    /// Lent by the translator.
    let tape: JSONTape
    let items: UnsafeMutablePointer<VendorItem>
    /// What an answer of success says of the change.
    let said: OutcomeRule.SaidInSuccess

    func problem() -> Problem {
        self.answer.body.withUnsafeBufferPointer { body in
            // A body that was cut short says nothing; the status still does.
            guard self.answer.isComplete,
                let view = self.answer.view(of: body, on: self.tape, limits: self.limits)
            else {
                return self.problem(ofText: self.answer.isComplete ? PlainText.words(in: body) : [])
            }
            var reader = ErrorReader(view: view, of: self.answer.body, plan: self.plan.errors, items: self.items)
            reader.read()
            return self.problem(reader)
        }
    }

    /// A body that is not JSON, but a sentence.
    private func problem(ofText words: [UInt8]) -> Problem {
        var reader = ErrorReader(view: .null, of: words, plan: self.plan.errors, items: self.items)
        reader.readText()
        return self.problem(reader)
    }

    private func problem(_ reading: ErrorReader) -> Problem {
        let said = self.believed(reading)
        var (code, leavesOpen) = self.classify(reading)
        let errors = self.fieldErrors(reading, code)
        // What is a title, too, says less than what is wrong with one value.
        var text = reading.whole.detail == reading.whole.title ? VendorText.none : reading.whole.detail
        var requestID = reading.whole.requestID
        for index in 0..<reading.itemCount {
            let item = reading.items[index]
            if code == .validationFailed, item.missingIDs >= 0 { code = .referenceNotFound }
            if !text.isGiven { text = item.text }
            if !requestID.isGiven { requestID = item.requestID }
        }
        if !text.isGiven { text = reading.whole.title }
        let problem = Problem(
            code, text: self.detail(code, text, reading), origin: .vendor, target: self.plan.targetName,
            verdict: OutcomeRule.verdict(
                on: code, .answered(status: self.answer.status), of: self.operation, isReading: self.isReading,
                leavesOpen: leavesOpen, isRefusal: self.plan.word(on: self.answer.status).isRefusal, said: said),
            errors: errors,
            vendor: VendorReport(
                status: self.answer.status,
                requestID: requestID.string(of: reading.words) ?? self.answer.requestID,
                said: self.said(reading), words: reading.words),
            retryAfterSeconds: self.retryAfter(code, reading))
        return self.said == .partlyDone ? self.inPart(problem) : problem
    }

    /// What was sent and is not complained of was done.
    private func inPart(_ problem: Problem) -> Problem {
        var problem = problem
        let failed = problem.errors.compactMap(\.pointer)
        problem.done = (self.request?.part?.pointers ?? []).filter { pointer in
            !failed.contains { $0 == pointer || $0.hasPrefix(pointer + "/") }
        }
        return problem
    }

    /// The vendor's own code first, its status after it; and whether the dialect says that the status leaves the
    /// outcome open.
    private func classify(_ reading: ErrorReader) -> (ProblemCode, leavesOpen: Bool) {
        let status = self.isSuccess ? self.bodyStatus(reading) : self.answer.status
        // A redirect carries no error, whatever its body.
        let meaning =
            self.isSuccess || status >= 400
            ? reading.rule.map { self.plan.errors.rules[$0].code } ?? self.phrase(in: reading)?.code : nil
        for rule in self.plan.dialect.errors.statuses where rule.status == status {
            return (meaning ?? rule.code, rule.leavesOpen)
        }
        return (meaning ?? StatusClass.code(of: status, operation: self.operation), false)
    }

    /// A refusal within a success is believed where it is known what it says. Words that nobody knows may as well tell
    /// of a failure of the vendor's own, behind which the change may have been made.
    private func believed(_ reading: ErrorReader) -> OutcomeRule.SaidInSuccess {
        self.said == .refused && !self.isUnderstood(reading) ? .nothing : self.said
    }

    private var isSuccess: Bool { (200...299).contains(self.answer.status) }

    /// The status that a body gives, of an answer whose own tells of success; 500 where it gives none of a failure.
    private func bodyStatus(_ reading: ErrorReader) -> Int {
        // As values are refused, where it is known what is said; or where some was done, and the rest was not.
        let unsaid = self.said == .partlyDone || self.said == .declined || self.isUnderstood(reading) ? 422 : 500
        let text = reading.whole.status.isGiven ? reading.whole.status : reading.items[0].status
        guard reading.whole.status.isGiven || reading.itemCount > 0, let status = text.string(of: reading.words),
            let status = Int(status), (400...599).contains(status)
        else { return unsaid }
        return status
    }

    /// Everything said about a field; and, where values were refused, also what could not be placed. What could not be
    /// placed is told with any other code, too, where the problem does not say it elsewhere.
    private func fieldErrors(_ reading: ErrorReader, _ code: ProblemCode) -> [FieldError] {
        let isAboutValues = code == .validationFailed || code == .referenceNotFound
        var errors: [FieldError] = []
        if reading.itemCount == 0, !reading.whole.isEmpty {
            self.append(reading.whole, reading, isAboutValues, to: &errors)
        }
        for index in 0..<reading.itemCount {
            guard errors.count < FieldError.listedMax else { break }
            self.append(reading.items[index], reading, isAboutValues, to: &errors)
        }
        return errors
    }

    private func append(
        _ item: VendorItem, _ reading: ErrorReader, _ isAboutValues: Bool, to errors: inout [FieldError]
    ) {
        func append(_ error: consuming FieldError) {
            if errors.isEmpty || !errors.contains(error) { errors.append(error) }
        }
        // Told with every code: a vendor may answer 404 because of what the product refers to.
        reading.withTexts(of: item.missingIDs) { id in
            append(
                FieldError(
                    pointer: nil, code: .referenceNotFound,
                    detail: "\(self.plan.dialect.title) knows no \(String(decoding: id, as: UTF8.self))"))
        }
        // Who names a field and a code, and says nothing, has said what is wrong all the same.
        let text = item.text.isGiven || !item.namesField ? item.text : item.code
        guard text.isGiven else { return }
        let reason = text.withBytes(of: reading.words) { self.plan.errors.reasons.code(in: $0) }
        func place(at pointer: String?, named name: UnsafeBufferPointer<UInt8>? = nil) {
            let match = pointer == nil ? self.match(text, of: reading.words) : nil
            let coded = pointer == nil && match == nil ? self.field(of: item, reading) : nil
            let phrase = self.phrase(in: text, reading)
            let isPlaced = pointer != nil || match != nil || coded?.pointer != nil || phrase?.field != nil
            guard isAboutValues || isPlaced || self.isOneMore(item, text, reading) else { return }
            append(
                FieldError(
                    pointer: pointer ?? match?.pointer ?? coded?.pointer
                        ?? phrase?.field.map { CanonicalProduct.fields[$0].pointer },
                    code: self.itemReason(of: item, reading) ?? phrase?.reason ?? reason ?? coded?.reason ?? .invalid,
                    text: ProblemText(
                        isPlaced ? "" : self.prefix(name, before: text, reading), quoting: match?.text ?? text,
                        of: reading.words)))
        }
        if let pointer = self.translation(of: item, reading) {
            place(at: pointer)
        } else if item.fields >= 0 {
            reading.withTexts(of: item.fields) {
                place(at: self.plan.fieldPlaces.pointer(forVendorField: $0), named: $0)
            }
        } else if item.fieldName.isGiven {
            item.fieldName.withBytes(of: reading.words) {
                place(at: self.plan.fieldPlaces.pointer(forVendorField: $0), named: $0)
            }
        } else {
            place(at: nil)
        }
    }

    /// The field that a vendor's code is about, where this operation can set it, and what is wrong with it.
    private func field(
        of item: VendorItem, _ reading: ErrorReader
    ) -> (pointer: String?, reason: FieldErrorCode)? {
        let own = item.code.isGiven ? item.code.withBytes(of: reading.words) { self.plan.errors.rule(for: $0) } : nil
        // A single item is what the code of the whole answer is about.
        if !self.plan.errors.itemCodes.isEmpty, let rule = self.itemRule(of: item, reading) { return rule }
        guard let rule = (own ?? (reading.itemCount <= 1 ? reading.rule : nil)).map({ self.plan.errors.rules[$0] }),
            let field = rule.field, self.plan.operation(self.operation)?.rows[field].state == .sent
        else { return nil }
        let reason: FieldErrorCode =
            switch rule.code {
            case .referenceNotFound: .referenceNotFound
            case .duplicateProduct: .notUnique
            default: .invalid
            }
        return (CanonicalProduct.fields[field].pointer, reason)
    }

    /// Looks for a field's name in a message.
    private func match(_ text: VendorText, of words: [UInt8]) -> (pointer: String, text: VendorText)? {
        text.withBytes(of: words) { message in
            for template in 0..<self.plan.errors.messages.count {
                guard let match = self.plan.errors.messages.match(template, message),
                    let pointer = self.plan.fieldPlaces.pointer(
                        forVendorField: UnsafeBufferPointer(rebasing: message[match.field]))
                else { continue }
                return (pointer, match.text.map { text.part(from: $0.lowerBound, count: $0.count) } ?? text)
            }
            return nil
        }
    }

    private func said(_ reading: ErrorReader) -> VendorReport.Said {
        let whole = reading.whole
        let first = reading.itemCount > 0 ? reading.items[0] : VendorItem()
        let status = whole.status.isGiven ? whole.status : first.status
        return VendorReport.Said(
            bodyStatus: status.withBytes(of: reading.words) { self.isStatus($0) } ? .none : status,
            code: reading.code, title: whole.title.isGiven ? whole.title : first.title,
            detail: whole.detail.isGiven ? whole.detail : first.detail)
    }

    /// Whether a text is the status of the answer, in digits.
    private func isStatus(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var rest = self.answer.status
        var index = text.count
        while index > 0, rest > 0 {
            index &-= 1
            guard text[index] == UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10) else { return false }
            rest /= 10
        }
        return index == 0 && rest == 0
    }

    /// How long the vendor's own limit says to wait, in whole seconds, rounded up; nil where it says nothing.
    private var untilReset: Int? {
        guard self.plan.hasLimits, let now = self.nowEpochSeconds,
            let limit = self.plan.limit(in: self.answer, nowEpochSeconds: now), limit.remaining == 0,
            let nanoseconds = limit.untilResetNanoseconds
        else { return nil }
        return max(1, Int(clamping: (nanoseconds &+ 999_999_999) / 1_000_000_000))
    }

    /// Where the vendor says nothing, a wait that its own clients would use: a second after a rate limit (its limits
    /// are per second), five while it is unavailable.
    private func retryAfter(_ code: ProblemCode, _ reading: ErrorReader) -> Int? {
        let given = self.answer.retryAfterSeconds(nowEpochSeconds: self.nowEpochSeconds) ?? self.wait(reading)
        switch code {
        case .rateLimited: return given ?? self.untilReset ?? 1
        case .vendorUnavailable: return given ?? 5
        default: return given
        }
    }
}
