import GatewayJSON

extension TargetPlan {
    /// The request to send before one that `readsFirst`: reads what it is to be merged into. Any other is given back.
    package func readRequest(before request: VendorRequest) -> VendorRequest {
        guard let patch = request.patch else { return request }
        let read = patch.operation == .create ? self.create?.special?.preparation : self.read
        return read.map { self.readRequest($0, id: request.id, before: patch.operation) } ?? request
    }
}

extension Translator {
    /// Lays an update over what the vendor has: where its update replaces the whole product, or a map that the caller
    /// gave a part of.
    ///
    /// `answer` is the answer to `plan.readRequest(before: request)`. Where it has a strong ETag, or one of any kind
    /// and the vendor wants those, the result carries it as `if-match`, so that a change in between is a conflict and
    /// is not overwritten. Throws what the answer folds to where it is no product, and what is wrong with a part that
    /// turns out to be a whole: nothing has been changed then. `secret` is masked in the vendor's words.
    /// `nowEpochSeconds` is needed to read a `Retry-After` that is a date.
    package func merge(
        _ request: VendorRequest, of kind: ProductOperation, into answer: VendorAnswer, for plan: TargetPlan,
        secret: SecretMask? = nil, nowEpochSeconds: Int?
    ) throws(Problem) -> VendorRequest {
        guard let operation = plan.operation(kind), let patch = request.patch else { return request }
        let folder = SuccessFolder(answer: answer, request: request, operation: operation, plan: plan, isReading: true)
        if kind == .create, let special = operation.special, let read = special.preparation {
            return try self.prepared(
                request, patch, into: folder, special, read, secret: secret, nowEpochSeconds: nowEpochSeconds)
        }
        guard let read = plan.read else { return request }
        if operation.special != nil {
            return try self.mergeSpecial(
                request, patch, into: folder, read, secret: secret, nowEpochSeconds: nowEpochSeconds)
        }
        let body = try self.masking(secret, in: answer) { () throws(Problem) -> [UInt8] in
            try self.checkRead(folder, read, nowEpochSeconds)
            return try answer.body.withUnsafeBufferPointer { current throws(Problem) -> [UInt8] in
                let (base, fields) = try self.product(in: current, folder, nowEpochSeconds)
                return try self.body(patch, over: base, at: fields, of: folder, read)
            }
        }
        var headers = request.headers
        var warnings = request.warnings
        if let etag = answer.guardingETag(evenIfWeak: read.sendsWeakTags) {
            headers.append((name: "if-match", value: etag))
        } else if plan.options.instances > 1 {
            warnings.append(
                Warning(
                    pointer: "", code: .unguarded,
                    detail:
                        "\(plan.dialect.title) gave no version of the product: another instance of the gateway may "
                        + "have changed it at the same time"))
        }
        return VendorRequest(
            method: request.method, path: request.path, headers: headers, body: body, id: request.id,
            warnings: warnings)
    }

    /// Throws what the answer to a read folds to, unless its status is one of success and it came whole.
    func checkRead(_ folder: SuccessFolder, _ read: ReadPlan, _ nowEpochSeconds: Int?) throws(Problem) {
        do throws(Problem) {
            try self.checkStatus(folder, read.successStatuses, nowEpochSeconds)
        } catch {
            throw Self.unmerged(error, folder.plan)
        }
    }

    /// The vendor's product, of an answer to a read, on `tape` or parsed beforehand. Throws where there is none.
    func product(
        in current: UnsafeBufferPointer<UInt8>, _ folder: SuccessFolder, _ nowEpochSeconds: Int?
    ) throws(Problem) -> (base: JSONView, fields: Int) {
        do throws(Problem) {
            let base = try self.success(in: current, folder, nowEpochSeconds)
            let fields = try folder.fields(in: base)
            try folder.check(fields, in: base, picks: self.picks)
            return (base, fields)
        } catch {
            throw Self.unmerged(error, folder.plan)
        }
    }

    /// What is told where a read brought no product.
    private static func unmerged(_ problem: Problem, _ plan: TargetPlan) -> Problem {
        guard problem.code == .vendorUnintelligible else { return problem }
        var problem = problem
        problem.detail =
            "\(plan.dialect.title) gave no product to merge the update into; nothing was changed by reading it."
        return problem
    }

    /// The body of the request that writes an update over the vendor's fields at `fields`, which lie on `tape`.
    private func body(
        _ patch: UpdatePatch, over base: JSONView, at fields: Int, of folder: SuccessFolder, _ read: ReadPlan
    ) throws(Problem) -> [UInt8] {
        let (plan, operation) = (folder.plan, folder.operation)
        return try self.running(patch, plan, operation) { run throws(Problem) -> [UInt8] in
            let replaces = plan.replaces(operation.kind)
            let writer = MergingWriter(run, over: base, read: read, keepsRest: replaces)
            let added = writer.errorsOfAdded(over: fields, handling: patch.handling)
            if !added.listed.isEmpty { run.errors = added }
            try Self.refuseFaults(run)
            let id = folder.request?.id.map { ProductID($0) }
            let size = patch.body.count + operation.overhead + (replaces ? base[fields].byteCount : 1024)
            guard let vendorFields = run.vendorFields else {
                return Self.written(expecting: size + (id?.bytes.count ?? 0) * 2) { output in
                    operation.bodyBefore.append(to: &output, quotingID: id)
                    writer.writeFields(over: fields, to: &output)
                    operation.bodyAfter.append(to: &output, quotingID: id)
                }
            }
            let written = Self.written(expecting: size) { writer.writeFields(over: fields, to: &$0) }
            // What the base lay on is free now.
            let overlaid = try self.overlaid(
                written, with: vendorFields, of: run, nullRemoves: replaces, on: self.tape)
            return Self.enveloped(overlaid, operation, id: id)
        }
    }
}
