package import GatewayDocuments

/// Lines that travel together: each is translated and folded as by itself, and put together and taken apart here.
extension Translator {
    /// One line's item of a batch: as `translate`, but for its body.
    ///
    /// - Returns: nil where it has to go alone, because the vendor has no batches, or the line needs more than one
    ///   request, or cannot be written as an item. A line that is to be refused is refused when it goes alone.
    package func item(
        _ operation: ProductOperation, for plan: TargetPlan, id: [UInt8]?, body: [UInt8], handling: Handling?,
        access: FieldAccess?
    ) -> VendorRequest? {
        guard let batch = plan.batch(of: operation) else { return nil }
        let request = body.withUnsafeBufferPointer { body in
            try? self.translate(
                operation, for: plan, id: id, body: body, handling: handling, showsPatch: false, access: access,
                key: nil, writtenWith: batch.items)
        }
        guard let request, !request.readsFirst, !request.hasNext, !request.isFollowing else { return nil }
        return request
    }

    /// What a batch has come to.
    package enum FoldedBatch {
        /// For each item the answer that it would have had alone, to be folded as one; nil where nothing is said of it.
        case items([VendorAnswer?])
        /// For all of them.
        case problem(Problem)
    }

    /// Takes the answer to a batch apart.
    ///
    /// - Parameters:
    ///   - request: the batch, as `TargetPlan.batch(_:of:)` has made it.
    ///   - items: what it was made of.
    package func takeApart(
        _ answer: VendorAnswer, to request: VendorRequest, of items: [VendorRequest], operation: ProductOperation,
        for plan: TargetPlan, secret: SecretMask? = nil, nowEpochSeconds: Int? = nil
    ) -> FoldedBatch {
        guard let batch = plan.batch(of: operation), (200...299).contains(answer.status) else {
            let folded = self.fold(
                answer, to: request, operation: operation, for: plan, keepsProduct: false, secret: secret,
                nowEpochSeconds: nowEpochSeconds)
            if case .problem(let problem) = folded { return .problem(problem) }
            return .problem(Self.untold(plan, answer, operation, "answered a batch with status \(answer.status)"))
        }
        guard batch.successStatuses.contains(answer.status) else {
            let what = "answered \(items.count) products together with status \(answer.status)"
            return .problem(Self.untold(plan, answer, operation, what + ", which does not say what became of each"))
        }
        guard answer.isComplete else {
            return .problem(Self.untold(plan, answer, operation, "broke off its answer to a batch"))
        }
        answer.dropByteOrderMark()
        let folder = SuccessFolder(
            answer: answer, request: nil, operation: batch.items, plan: plan, isReading: false)
        var apart = BatchAnswer(answer, to: items, by: batch) { folder.tellsOfFailure($0) }
        guard let answers = apart.takenApart(on: self.tape, limits: self.limits) else {
            return .problem(
                Self.untold(
                    plan, answer, operation, "answered a batch in a way that does not say what became of each product"))
        }
        return .items(answers)
    }

    /// A line of which the answer to its batch says nothing that can be understood.
    package static func untoldItem(
        at plan: TargetPlan, _ answer: VendorAnswer, _ operation: ProductOperation
    ) -> Problem {
        self.untold(plan, answer, operation, "answered a batch, and does not say what became of this product")
    }

    private static func untold(
        _ plan: TargetPlan, _ answer: VendorAnswer, _ operation: ProductOperation, _ what: String
    ) -> Problem {
        Problem(
            .vendorUnintelligible, detail: "\(plan.dialect.title) \(what).", origin: .vendor, target: plan.targetName,
            verdict: OutcomeRule.verdict(
                on: .vendorUnintelligible, .answered(status: answer.status), of: operation),
            vendor: VendorReport(status: answer.status, requestID: answer.requestID))
    }
}

extension TargetPlan {
    /// The request with several items.
    ///
    /// - Parameter items: as `Translator.item` has made them, of one operation.
    /// - Returns: nil where the vendor has no batches.
    package func batch(_ items: [VendorRequest], of operation: ProductOperation) -> VendorRequest? {
        guard let batch = self.batch(of: operation) else { return nil }
        return VendorRequest(
            method: batch.method, path: batch.path, headers: batch.headers,
            body: BatchBody.write(items, batch.layout))
    }
}
