import GatewayJSON

/// Whether a product is as it was asked for: after an answer that was lost, and after a conflict.
extension Translator {
    /// Compares what was asked with a product that the vendor has shown. For the rare request that has met a conflict
    /// or lost its answer: parses both anew.
    ///
    /// - Parameters:
    ///   - asked: the request for the change, as translated.
    ///   - found: the product, from a read, or found by `findRequest(after:)`.
    ///   - before: the product from an earlier read, where there was one.
    /// - Returns: nil where `found` shows no product.
    package func compare(
        _ asked: VendorRequest, of kind: ProductOperation, with found: VendorAnswer, before: VendorAnswer? = nil,
        for plan: TargetPlan
    ) -> ProductComparison? {
        guard (200...299).contains(found.status), found.isComplete,
            let template = plan.dialect.operations.first(where: { $0.kind == kind })?.body,
            let body = self.body(of: asked, kind, plan),
            let askedFields = self.node(body, at: template.fieldsPath),
            let answered = Self.answered(kind, plan.dialect),
            let foundFields = self.node(found.body, at: answered.fields), foundFields.kind == .object
        else { return nil }
        return ProductComparison(
            asked: askedFields, found: foundFields,
            before: before.flatMap { self.node($0.body, at: answered.fields) },
            unanswered: plan.dialect.fields.filter { !$0.isAnswered }.map(\.vendor))
    }

    /// How a product is answered that is read again, or found as the answer to a create would have it.
    private static func answered(_ kind: ProductOperation, _ dialect: Dialect) -> Dialect.Answer? {
        guard kind == .create else { return dialect.read?.answer ?? dialect.answer }
        let success = dialect.operations.first { $0.kind == .create }?.success.first
        if case .shape(let answer)? = success?.content { return answer }
        return dialect.answer
    }

    /// What is asked for, in the vendor's words: of a request that is merged first, without what it is merged into.
    private func body(of asked: VendorRequest, _ kind: ProductOperation, _ plan: TargetPlan) -> [UInt8]? {
        guard let patch = asked.patch else { return asked.body }
        let shown = try? self.translate(
            kind, for: plan, id: asked.id, body: patch.body, handling: patch.handling, showsPatch: true)
        return shown?.body
    }

    private func node(_ bytes: [UInt8], at tokens: [String]) -> JSONNode? {
        (try? JSONDocument(parsing: bytes, limits: self.ownLimits))?.root.value(at: tokens)
    }
}
