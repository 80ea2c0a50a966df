import GatewayJSON

extension Translator {
    /// Says in canonical terms what a vendor answered to a change.
    ///
    /// `request` is what was sent, where it is at hand: its id, its warnings, and words for the detail come from it.
    /// `nowEpochSeconds` is needed only to read a `Retry-After` that is a date. `keepsProduct` is false where the
    /// canonical product is not wanted: then it is left empty, without its warnings, though everything is checked all
    /// the same. `secret` is masked in what becomes a problem, and in a body that is wanted as it is
    /// (`keepsProduct`); the answer's own bytes are changed. Never throws: what cannot be understood is a problem too.
    package func fold(
        _ answer: VendorAnswer, to request: VendorRequest?, operation: ProductOperation, for plan: TargetPlan,
        keepsProduct: Bool = true, secret: SecretMask? = nil, nowEpochSeconds: Int? = nil
    ) -> FoldedAnswer {
        guard let compiled = plan.operation(operation) else {
            return .problem(
                Problem(
                    .invalidRequest, detail: "\(plan.dialect.title) has no \(operation.rawValue).",
                    target: plan.targetName))
        }
        let folder = SuccessFolder(
            answer: answer, request: request, operation: compiled, plan: plan, isReading: false)
        if !keepsProduct { secret?.mask(answer) }
        let successes = request?.part?.plan?.successStatuses ?? compiled.successStatuses
        do throws(Problem) {
            return .product(
                try self.masking(secret, in: answer) { () throws(Problem) in
                    try self.canonical(folder, successes, keepsProduct: keepsProduct, nowEpochSeconds)
                })
        } catch {
            let problem = request?.judged(error, of: operation) ?? error
            return .problem(self.naming(folder, in: problem))
        }
    }

    /// Names the product of a create whose answer has one, though it did not wholly succeed: the caller has to know
    /// what there is now.
    private func naming(_ folder: SuccessFolder, in problem: Problem) -> Problem {
        guard folder.operation.kind == .create, (200...299).contains(folder.answer.status), problem.productID == nil,
            problem.outcome == .partial || problem.outcome == .unknown, problem.code != .vendorUnintelligible
        else { return problem }
        let id = folder.answer.body.withUnsafeBufferPointer { body in
            folder.answer.view(of: body, on: self.tape, limits: self.limits).flatMap { folder.createdID(in: $0) }
        }
        guard let id else { return problem }
        var named = problem
        named.productID = String(decoding: id, as: UTF8.self)
        return named
    }

    /// Does what may throw the vendor's words, and masks a secret in those.
    ///
    /// A product is not searched: that would cost every success for what only failures do.
    func masking<Result>(
        _ secret: SecretMask?, in answer: VendorAnswer, _ read: () throws(Problem) -> Result
    ) throws(Problem) -> Result {
        let isFailure = !(200...299).contains(answer.status)
        if isFailure { secret?.mask(answer) }
        do throws(Problem) {
            return try read()
        } catch {
            guard error.origin == .vendor, !isFailure, let secret, secret.mask(answer) else { throw error }
            return try read()
        }
    }

    /// What a success says; throws where it is none.
    func canonical(
        _ folder: SuccessFolder, _ successes: [Int], keepsProduct: Bool, _ nowEpochSeconds: Int?
    ) throws(Problem) -> CanonicalAnswer {
        try self.checkStatus(folder, successes, nowEpochSeconds)
        if folder.hasNoBody {
            if folder.mayTellOfFailure {
                try folder.answer.body.withUnsafeBufferPointer { body throws(Problem) in
                    _ = try self.success(in: body, folder, nowEpochSeconds)
                }
            }
            return try folder.answerWithoutBody()
        }
        return try folder.answer.body.withUnsafeBufferPointer { body throws(Problem) in
            try self.answer(in: body, folder, keepsProduct: keepsProduct, nowEpochSeconds)
        }
    }

    /// Throws what the answer folds to, unless its status is one of success and it came whole.
    func checkStatus(_ folder: SuccessFolder, _ successes: [Int], _ nowEpochSeconds: Int?) throws(Problem) {
        let answer = folder.answer
        answer.dropByteOrderMark()
        guard (200...299).contains(answer.status) else { throw self.problem(folder, nowEpochSeconds) }
        if let special = folder.operation.special, special.partialStatuses.contains(answer.status), !folder.isReading {
            throw self.problem(folder, nowEpochSeconds, said: .partlyDone)
        }
        guard successes.contains(answer.status) else {
            throw folder.unintelligible("answered an unexpected status \(answer.status)")
        }
        guard answer.isComplete else { throw folder.unintelligible("broke off its answer") }
    }

    private func answer(
        in body: UnsafeBufferPointer<UInt8>, _ folder: SuccessFolder, keepsProduct: Bool, _ nowEpochSeconds: Int?
    ) throws(Problem) -> CanonicalAnswer {
        let view = try self.success(in: body, folder, nowEpochSeconds)
        return try folder.answer(
            from: folder.fields(in: view), in: view, keepsProduct: keepsProduct, picks: self.picks)
    }

    /// The parsed body of a success, on `tape` or parsed beforehand; throws where it is none, or tells of a failure.
    func success(
        in body: UnsafeBufferPointer<UInt8>, _ folder: SuccessFolder, _ nowEpochSeconds: Int?
    ) throws(Problem) -> JSONView {
        guard let view = folder.answer.view(of: body, on: self.tape, limits: self.limits) else {
            throw folder.unintelligible("answered something that is not JSON")
        }
        if folder.tellsOfFailure(view) { throw self.problem(folder, nowEpochSeconds, said: folder.said(in: view)) }
        return view
    }

    private func problem(
        _ folder: SuccessFolder, _ nowEpochSeconds: Int?, said: OutcomeRule.SaidInSuccess = .nothing
    ) -> Problem {
        ErrorFolder(
            answer: folder.answer, request: folder.request, operation: folder.operation.kind,
            isReading: folder.isReading, plan: folder.plan, nowEpochSeconds: nowEpochSeconds, limits: self.limits,
            tape: self.tape, items: self.items, said: said
        ).problem()
    }
}
