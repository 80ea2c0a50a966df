package import GatewayDocuments
package import GatewayJSON

/// Translates requests and folds answers, one after the other. Pure: performs no I/O, knows no clock.
///
/// A worker keeps one: it owns the storage that is used again for every document. Confined to one thread.
package final class Translator {
    let limits: JSONLimits
    let tape = JSONTape()
    /// For a second text beside the first: what is merged in.
    let secondTape = JSONTape()
    let picks: UnsafeMutablePointer<Pick>
    /// For what a vendor says is wrong.
    let items: UnsafeMutablePointer<VendorItem>

    package init(limits: JSONLimits = .exchange) {
        self.limits = limits
        self.picks = .allocate(capacity: Pick.countMax)
        self.picks.initialize(repeating: Pick(field: 0, value: 0), count: Pick.countMax)
        self.items = .allocate(capacity: ErrorReader.itemsMax)
        self.items.initialize(repeating: VendorItem(), count: ErrorReader.itemsMax)
    }

    deinit {
        self.picks.deallocate()
        self.items.deallocate()
    }

    /// Turns a canonical body into the vendor request, or says everything that is wrong with it.
    ///
    /// `id` is the product's id from the path, percent-decoded; `handling` nil means the target's default.
    /// `access` nil: the caller may set everything.
    /// `showsPatch` is false where nobody looks at the body of a request that `readsFirst`: then it is left empty.
    /// `key` is for a vendor that wants one in what is sent (`TargetPlan.writesKey`); its name stands there without.
    package func translate(
        _ operation: ProductOperation, for plan: TargetPlan, id: [UInt8]?, body: [UInt8],
        handling: Handling? = nil, showsPatch: Bool = true, access: FieldAccess? = nil, key: VendorKey? = nil
    ) throws(Problem) -> VendorRequest {
        let result: Result<VendorRequest, Problem> = body.withUnsafeBufferPointer { buffer in
            do throws(Problem) {
                return .success(
                    try self.translate(
                        operation, for: plan, id: id, body: buffer, handling: handling, showsPatch: showsPatch,
                        access: access, key: key))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// The same over borrowed bytes, of which a copy is kept only where the vendor must be read first.
    package func translate(
        _ operation: ProductOperation, for plan: TargetPlan, id: [UInt8]?, body: UnsafeBufferPointer<UInt8>,
        handling: Handling? = nil, showsPatch: Bool = true, access: FieldAccess? = nil, key: VendorKey? = nil
    ) throws(Problem) -> VendorRequest {
        try self.translate(
            operation, for: plan, id: id, body: body, handling: handling, showsPatch: showsPatch, access: access,
            key: key, writtenWith: plan.operation(operation))
    }

    /// - Parameter compiled: what the request is written with; nil where the vendor has no such operation.
    @inline(__always)
    func translate(
        _ operation: ProductOperation, for plan: TargetPlan, id: [UInt8]?, body: UnsafeBufferPointer<UInt8>,
        handling: Handling?, showsPatch: Bool, access: FieldAccess?, key: VendorKey?,
        writtenWith compiled: OperationPlan?
    ) throws(Problem) -> VendorRequest {
        guard let compiled else {
            throw Problem(
                .invalidRequest, detail: "\(plan.dialect.title) has no \(operation.rawValue).", target: plan.targetName)
        }
        let view: JSONView
        do throws(JSONError) {
            view = try self.tape.parse(body, limits: self.limits)
        } catch {
            throw Self.problem(of: error, target: plan.targetName)
        }
        guard view[0].kind == .object else {
            throw Problem(
                .invalidRequest, detail: "The body must be a JSON object; it is \(view[0].kind.noun).",
                target: plan.targetName)
        }
        try access?.check(view, target: plan.targetName, places: plan.vendorPlaces)
        var run = TranslationRun(
            view: view, plan: plan, operation: compiled, picks: self.picks,
            handling: handling ?? plan.options.handling)
        run.walk()
        try Self.refuseFaults(run)
        let patch =
            run.readsFirst
            ? UpdatePatch(body: Array(body), handling: run.errors.handling, operation: operation, key: key) : nil
        return try self.write(
            run, id: id, patch: patch, isShown: patch == nil || showsPatch || operation == .create, key: key)
    }

    private static func problem(of error: JSONError, target: String) -> Problem {
        if case .tooLarge(let bytesMax) = error.reason {
            return Problem(
                .payloadTooLarge, detail: "The body is longer than \(bytesMax) bytes.", target: target)
        }
        let errors = error.pointer.map {
            [FieldError(pointer: $0, code: .duplicateMember, detail: "the member occurs twice")]
        }
        return Problem(
            .malformedJSON, detail: "The body is not valid JSON: \(error.description).", target: target,
            errors: errors ?? [])
    }

    static func refuseFaults(_ run: TranslationRun) throws(Problem) {
        let title = run.plan.dialect.title
        let target = run.plan.targetName
        if !run.errors.listed.isEmpty {
            let count = run.errors.listed.count
            let places =
                run.errors.hasFurtherErrors
                ? "More than \(count) values" : count == 1 ? "One value" : "\(count) values"
            let code: ProblemCode = run.errors.hasMistake ? .validationFailed : .unsupportedField
            let detail =
                code == .validationFailed
                ? "\(places) must be corrected before \(title) can be asked; nothing was sent."
                : "\(title) cannot take \(places.lowercased()) of this body; nothing was sent."
            throw Problem(code, detail: detail, target: target, errors: run.errors.listed)
        }
        guard run.givenCount == 0, run.vendorFields == nil else { return }
        guard run.errors.warnings.isEmpty else {
            throw Problem(
                .unsupportedField, detail: "\(title) can take nothing of this body; nothing was sent.",
                target: target,
                errors: run.errors.warnings.map { FieldError(pointer: $0.pointer, code: $0.code, detail: $0.detail) })
        }
        throw self.nothingToSend(run)
    }

    static func nothingToSend(_ run: TranslationRun) -> Problem {
        let title = run.plan.dialect.title
        return Problem(
            .validationFailed, detail: "The body leaves nothing to send to \(title).", target: run.plan.targetName,
            errors: [
                FieldError(
                    pointer: "", code: .emptyUpdate,
                    detail: "give at least one member of the product that \(title) takes")
            ])
    }
}
