import GatewayJSON

/// Folds an answer that is not a success into a problem: classifies by code or name, then by status; places what it
/// says about fields in the caller's document.
struct ErrorFolder {
    let answer: VendorAnswer
    let request: VendorRequest?
    let operation: ProductOperation
    let plan: TargetPlan
    let nowEpochSeconds: Int?
    let limits: JSONLimits
    /// Lent by the translator.
    let tape: JSONTape

    /// What the body says, as far as it could be read.
    struct Reading {
        var whole = VendorItem()
        var items: [VendorItem] = []
        /// Codes of the answer itself and then of its items, in order of preference.
        var codes: [String] = []
    }

    func problem() -> Problem {
        let reading = self.read()
        var (code, outcome) = self.classify(reading)
        let errors = self.fieldErrors(reading, code)
        if code == .validationFailed, reading.items.contains(where: { !$0.missingIDs.isEmpty }) {
            code = .referenceNotFound
        }
        let text = reading.whole.detail ?? reading.items.lazy.compactMap(\.text).first ?? reading.whole.title
        return Problem(
            code, detail: self.detail(code, text), origin: .vendor, target: self.plan.targetName, outcome: outcome,
            isRetryable: Retryability.isRetryable(code, outcome: outcome, operation: self.operation),
            errors: errors, vendor: self.report(reading), retryAfterSeconds: self.retryAfter(code))
    }

    /// A body that is not JSON, or was cut short, says nothing; the status still does.
    private func read() -> Reading {
        guard self.answer.isComplete else { return Reading() }
        return self.answer.body.withUnsafeBufferPointer { body in
            guard let view = try? self.tape.parse(body, limits: self.limits) else { return Reading() }
            let reader = ErrorReader(view: view, plan: self.plan.errors)
            let items = reader.items()
            var codes = reader.codes(0)
            for item in items {
                if let code = item.code { codes.append(code) }
            }
            return Reading(whole: reader.whole(), items: items, codes: codes)
        }
    }

    private func classify(_ reading: Reading) -> (ProblemCode, Outcome) {
        let rules = self.plan.dialect.errors
        // A redirect carries no error, whatever its body.
        if self.answer.status >= 400 {
            for code in reading.codes {
                guard let known = rules.codes.first(where: { $0.vendor == code }) else { continue }
                return (known.code, .rejected)
            }
        }
        if let rule = rules.statuses.first(where: { $0.status == self.answer.status }) {
            return (rule.code, rule.outcome)
        }
        return StatusClass.classify(self.answer.status, operation: self.operation)
    }

    /// Everything said about a field; and, where values were refused, also what could not be placed.
    private func fieldErrors(_ reading: Reading, _ code: ProblemCode) -> [FieldError] {
        var items = reading.items
        if items.isEmpty, !reading.whole.isEmpty { items = [reading.whole] }
        let isAboutValues = code == .validationFailed || code == .referenceNotFound
        var errors: [FieldError] = []
        for item in items {
            guard errors.count < Faults.listedMax else { break }
            for error in self.fieldErrors(item) where isAboutValues || error.pointer != nil {
                if !errors.contains(error) { errors.append(error) }
            }
        }
        return errors
    }

    private func fieldErrors(_ item: VendorItem) -> [FieldError] {
        let missing = item.missingIDs.map {
            FieldError(pointer: nil, code: .referenceNotFound, detail: "\(self.plan.dialect.title) knows no \($0)")
        }
        guard let text = item.text else { return missing }
        if !item.fields.isEmpty {
            return missing
                + item.fields.map { field in
                    let pointer = self.plan.fieldPlaces.pointer(forVendorField: field)
                    let match = pointer == nil ? self.match(text) : nil
                    return FieldError(
                        pointer: pointer ?? match?.pointer, code: self.reason(text), detail: match?.text ?? text)
                }
        }
        let match = self.match(text)
        return missing + [FieldError(pointer: match?.pointer, code: self.reason(text), detail: match?.text ?? text)]
    }

    /// Looks for a field's name in a message.
    private func match(_ text: String) -> (pointer: String, text: String)? {
        let bytes = Array(text.utf8)
        for template in self.plan.dialect.errors.messages {
            guard let match = template.match(bytes),
                let pointer = self.plan.fieldPlaces.pointer(forVendorField: match.field)
            else { continue }
            return (pointer, match.text ?? text)
        }
        return nil
    }

    private func reason(_ text: String) -> FieldErrorCode {
        self.plan.errors.reasons.code(in: text) ?? .invalid
    }

    private func report(_ reading: Reading) -> VendorReport {
        let first = reading.items.first
        let bodyStatus = reading.whole.status ?? first?.status
        return VendorReport(
            status: self.answer.status, bodyStatus: bodyStatus == String(self.answer.status) ? nil : bodyStatus,
            code: reading.codes.first, title: reading.whole.title ?? first?.title,
            detail: reading.whole.detail ?? first?.detail,
            requestID: reading.whole.requestID ?? reading.items.lazy.compactMap(\.requestID).first
                ?? self.answer.requestID)
    }

    /// Where the vendor says nothing, a wait that its own clients would use: a second after a rate limit (its limits
    /// are per second), five while it is unavailable.
    private func retryAfter(_ code: ProblemCode) -> Int? {
        let given = self.answer.retryAfter.flatMap {
            RetryAfter.seconds($0, nowEpochSeconds: self.nowEpochSeconds)
        }
        switch code {
        case .rateLimited: return given ?? 1
        case .vendorUnavailable: return given ?? 5
        default: return given
        }
    }
}
