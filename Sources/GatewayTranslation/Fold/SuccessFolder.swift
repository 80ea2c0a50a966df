import GatewayJSON

/// Reads an answer whose status tells of success: whether it really is the product that was asked about, and what it
/// says of it. What it is not sure of is no success.
struct SuccessFolder {
    let answer: VendorAnswer
    let request: VendorRequest?
    let operation: OperationPlan
    let plan: TargetPlan
    /// Whether the answer is to a request that only reads.
    let isReading: Bool

    /// The index of the object of the product's fields; throws where there is none, or it is another product's.
    func fields(in view: JSONView) throws(Problem) -> Int {
        let fields = self.plan.answer.fields.value(0, in: view)
        let answeredID = self.plan.answer.id.count > 0 ? self.plan.answer.id.value(0, in: view) : nil
        guard self.hasRequired(view, fields, answeredID) else {
            throw self.unintelligible("answered JSON that is not a product")
        }
        guard let fields, view[fields].kind == .object else {
            throw self.unintelligible("answered JSON without a product in it")
        }
        guard self.isSameProduct(view, answeredID) else { throw self.unintelligible("answered with another product") }
        return fields
    }

    /// The canonical answer; `keepsProduct` as in `Translator.fold`.
    func answer(
        from fields: Int, in view: JSONView, keepsProduct: Bool, picks: UnsafeMutablePointer<Pick>
    ) throws(Problem) -> CanonicalAnswer {
        var run = AnswerRun(view: view, plan: self.plan.answer, title: self.plan.dialect.title, picks: picks)
        let product: [UInt8]?
        if keepsProduct {
            product = JSONOutput.array(expecting: view[fields].byteCount + 256) { run.write(from: fields, to: &$0) }
        } else {
            product = run.isReadable(fields) ? [] : nil
        }
        guard let product else { throw self.ofUnexpectedType }
        guard let id = self.id(in: view) else { throw self.unintelligible("answered a product without an id") }
        var warnings = self.request?.warnings ?? []
        if !run.warnings.isEmpty { warnings += run.warnings }
        return CanonicalAnswer(
            id: id.value, product: product, warnings: warnings, vendorStatus: self.answer.status,
            vendorRequestID: self.answer.requestID)
    }

    /// Throws where a value of the product has not the type that the dialect says.
    func check(_ fields: Int, in view: JSONView, picks: UnsafeMutablePointer<Pick>) throws(Problem) {
        let run = AnswerRun(view: view, plan: self.plan.answer, title: self.plan.dialect.title, picks: picks)
        guard run.isReadable(fields) else { throw self.ofUnexpectedType }
    }

    private var ofUnexpectedType: Problem {
        self.unintelligible("answered a product with a value of an unexpected type")
    }

    /// Whether the answer is one that has no body by its status (RFC 9110 §15.3.5, §15.3.6).
    var hasNoBody: Bool {
        self.answer.body.isEmpty && (self.answer.status == 204 || self.answer.status == 205)
    }

    /// What such an answer tells: that it is done.
    func answerWithoutBody() -> CanonicalAnswer {
        CanonicalAnswer(
            id: self.request?.id, product: [], warnings: self.request?.warnings ?? [],
            vendorStatus: self.answer.status, vendorRequestID: self.answer.requestID)
    }

    /// Whether the vendor tells of a failure in the midst of its success: a value that says something, at one of the
    /// places of the dialect.
    func tellsOfFailure(_ view: JSONView) -> Bool {
        let failures = self.plan.answer.failures
        guard failures.count > 0 else { return false }
        var isFailure = false
        let names = CompiledPointers.names(of: 0, in: view)
        failures.view.forEach(in: view, from: 0, names: names) { _, found in
            isFailure = Self.saysSomething(found, in: view)
            return !isFailure
        }
        return isFailure
    }

    private static func saysSomething(_ index: Int, in view: JSONView) -> Bool {
        let entry = view[index]
        switch entry.kind {
        case .object, .array: return view.next(after: index) > index + 1
        case .string, .name: return entry.byteCount > 2
        case .number: return view.raw(entry).contains { $0 >= UInt8(ascii: "1") && $0 <= UInt8(ascii: "9") }
        case .true: return true
        case .false, .null: return false
        }
    }

    /// Whether everything that tells a product from other JSON is there, and not `null`.
    private func hasRequired(_ view: JSONView, _ fields: Int?, _ id: Int?) -> Bool {
        func isGiven(_ found: Int?) -> Bool { found.map { view[$0].kind != .null } ?? false }
        let plan = self.plan.answer
        if plan.requiresFields, !isGiven(fields) { return false }
        if plan.requiresID, !isGiven(id) { return false }
        for required in 0..<plan.required.count where !isGiven(plan.required.value(required, in: view)) {
            return false
        }
        return true
    }

    /// An answer about another product than the one that was updated is no answer to this request.
    ///
    /// Ids are compared without regard to ASCII case: servers may write UUIDs either way.
    private func isSameProduct(_ view: JSONView, _ answered: Int?) -> Bool {
        guard self.operation.kind == .update, self.plan.answer.idMatchesPath, let expected = self.request?.id,
            let found = answered
        else { return true }
        if view[found].kind == .string,
            expected.withUnsafeBufferPointer({ view.decodedContent(view[found], equals: $0) })
        {
            return true
        }
        let answered = view[found].kind == .string ? view.decoded(view[found]) : Array(view.raw(view[found]))
        return answered.count == expected.count
            && zip(answered, expected).allSatisfy { Self.lowered($0) == Self.lowered($1) }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

    private struct FoundID { let value: [UInt8]? }

    /// The id by which the caller knows the product; nil where a create's answer lacks it.
    private func id(in view: JSONView) -> FoundID? {
        guard case .answer(let tokens) = self.operation.id else { return FoundID(value: self.request?.id) }
        guard let found = view.value(at: tokens) else { return nil }
        switch view[found].kind {
        case .string: return FoundID(value: view.decoded(view[found]))
        case .number: return FoundID(value: Array(view.raw(view[found])))
        default: return nil
        }
    }

    /// The problem of an answer that is no success, though its status says so.
    func unintelligible(_ what: String) -> Problem {
        Problem(
            .vendorUnintelligible,
            detail: "\(self.plan.dialect.title) \(what)."
                + (self.isReading ? "" : " The change may or may not have been made."),
            origin: .vendor, target: self.plan.targetName,
            verdict: OutcomeRule.verdict(
                on: .vendorUnintelligible, .answered(status: self.answer.status), of: self.operation.kind,
                isReading: self.isReading),
            vendor: VendorReport(status: self.answer.status, requestID: self.answer.requestID))
    }
}
