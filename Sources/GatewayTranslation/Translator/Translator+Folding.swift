import GatewayJSON

extension Translator {
    /// Says in canonical terms what a vendor answered.
    ///
    /// `request` is what was sent, where it is at hand: its id, its warnings, and words for the detail come from it.
    /// `nowEpochSeconds` is needed only to read a `Retry-After` that is a date. `keepsProduct` is false where the
    /// canonical product is not wanted: then it is left empty, without its warnings, though everything is checked all
    /// the same. Never throws: what cannot be understood is a problem too.
    package func fold(
        _ answer: VendorAnswer, to request: VendorRequest?, operation: ProductOperation, for plan: TargetPlan,
        keepsProduct: Bool = true, nowEpochSeconds: Int? = nil
    ) -> FoldedAnswer {
        guard let compiled = plan.operation(operation) else {
            return .problem(
                Problem(
                    .invalidRequest, detail: "\(plan.dialect.title) has no \(operation.rawValue).",
                    target: plan.targetName))
        }
        guard (200...299).contains(answer.status) else {
            let folder = ErrorFolder(
                answer: answer, request: request, operation: operation, plan: plan,
                nowEpochSeconds: nowEpochSeconds, limits: self.limits, tape: self.tape,
                items: self.items)
            return .problem(folder.problem())
        }
        guard compiled.successStatuses.contains(answer.status) else {
            return .problem(
                Self.unintelligible("answered an unexpected status \(answer.status)", answer, operation, plan))
        }
        guard answer.isComplete else {
            return .problem(Self.unintelligible("broke off its answer", answer, operation, plan))
        }
        return answer.body.withUnsafeBufferPointer { buffer in
            self.foldSuccess(buffer, answer, request, compiled, plan, keepsProduct: keepsProduct)
        }
    }

    private func foldSuccess(
        _ body: UnsafeBufferPointer<UInt8>, _ answer: VendorAnswer, _ request: VendorRequest?,
        _ operation: OperationPlan, _ plan: TargetPlan, keepsProduct: Bool
    ) -> FoldedAnswer {
        guard let view = try? self.tape.parse(body, limits: self.limits) else {
            return .problem(Self.unintelligible("answered something that is not JSON", answer, operation.kind, plan))
        }
        let fields = plan.answer.fields.value(0, in: view)
        let answeredID = plan.answer.id.count > 0 ? plan.answer.id.value(0, in: view) : nil
        guard Self.hasRequired(view, fields, answeredID, plan.answer) else {
            return .problem(
                Self.unintelligible("answered JSON that is not a product", answer, operation.kind, plan))
        }
        guard let fields, view[fields].kind == .object else {
            return .problem(
                Self.unintelligible("answered JSON without a product in it", answer, operation.kind, plan))
        }
        guard self.isSameProduct(view, answeredID, request, operation, plan) else {
            return .problem(
                Self.unintelligible("answered with another product", answer, operation.kind, plan))
        }
        var run = AnswerRun(view: view, plan: plan.answer, title: plan.dialect.title, picks: self.picks)
        let product: [UInt8]?
        if keepsProduct {
            product = JSONOutput.array(expecting: view[fields].byteCount + 256) { run.write(from: fields, to: &$0) }
        } else {
            product = run.isReadable(fields) ? [] : nil
        }
        guard let product else {
            return .problem(
                Self.unintelligible(
                    "answered a product with a value of an unexpected type", answer, operation.kind, plan))
        }
        guard let id = Self.id(view, request, operation) else {
            return .problem(
                Self.unintelligible("answered a product without an id", answer, operation.kind, plan))
        }
        var warnings = request?.warnings ?? []
        if !run.warnings.isEmpty { warnings += run.warnings }
        return .product(
            CanonicalAnswer(
                id: id.value, product: product, warnings: warnings, vendorStatus: answer.status,
                vendorRequestID: answer.requestID))
    }

    /// Whether everything that tells a product from other JSON is there, and not `null`.
    private static func hasRequired(_ view: JSONView, _ fields: Int?, _ id: Int?, _ plan: AnswerPlan) -> Bool {
        func isGiven(_ found: Int?) -> Bool { found.map { view[$0].kind != .null } ?? false }
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
    private func isSameProduct(
        _ view: JSONView, _ answered: Int?, _ request: VendorRequest?, _ operation: OperationPlan, _ plan: TargetPlan
    ) -> Bool {
        guard operation.kind == .update, plan.answer.idMatchesPath, let expected = request?.id, let found = answered
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
    private static func id(_ view: JSONView, _ request: VendorRequest?, _ operation: OperationPlan) -> FoundID? {
        guard case .answer(let tokens) = operation.id else { return FoundID(value: request?.id) }
        guard let found = view.value(at: tokens) else { return nil }
        switch view[found].kind {
        case .string: return FoundID(value: view.decoded(view[found]))
        case .number: return FoundID(value: Array(view.raw(view[found])))
        default: return nil
        }
    }

    static func unintelligible(
        _ what: String, _ answer: VendorAnswer, _ operation: ProductOperation, _ plan: TargetPlan
    ) -> Problem {
        Problem(
            .vendorUnintelligible,
            detail: "\(plan.dialect.title) \(what). The change may or may not have been made.",
            origin: .vendor, target: plan.targetName,
            verdict: OutcomeRule.verdict(
                on: .vendorUnintelligible, .answered(status: answer.status), of: operation),
            vendor: VendorReport(status: answer.status, requestID: answer.requestID))
    }
}
