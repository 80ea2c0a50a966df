import GatewayJSON

extension TargetPlan {
    /// The request to send before an update that replaces: reads what is to be merged.
    ///
    /// Only where `readsFirst` says so; otherwise the answer is the request itself.
    package func readRequest(before request: VendorRequest) -> VendorRequest {
        guard let read = self.read else { return request }
        return VendorRequest(
            method: "GET", path: read.path.path(id: request.id.map { ProductID($0) }),
            headers: [(name: "accept", value: "application/json")], body: [], id: request.id)
    }
}

extension Translator {
    /// Lays an update over what the vendor has, for a vendor whose update replaces the whole product.
    ///
    /// `answer` is the answer to `plan.readRequest(before: request)`. Where it has a strong ETag, the result carries it
    /// as `if-match`, so that a change in between is a conflict and is not overwritten. Throws what the answer folds
    /// to where it is no product; nothing has been changed then. `secret` is masked in the
    /// vendor's words. `nowEpochSeconds` is needed to read a `Retry-After` that is a date.
    package func merge(
        _ request: VendorRequest, of kind: ProductOperation, into answer: VendorAnswer, for plan: TargetPlan,
        secret: SecretMask? = nil, nowEpochSeconds: Int?
    ) throws(Problem) -> VendorRequest {
        guard let operation = plan.operation(kind), let read = plan.read, plan.readsFirst(kind) else { return request }
        let folder = SuccessFolder(answer: answer, request: request, operation: operation, plan: plan, isReading: true)
        do throws(Problem) {
            _ = try self.masking(secret, in: answer) { () throws(Problem) in
                try self.canonical(folder, read.successStatuses, keepsProduct: false, nowEpochSeconds)
            }
        } catch {
            var problem = error
            if problem.code == .vendorUnintelligible {
                problem.detail =
                    "\(plan.dialect.title) gave no product to merge the update into; nothing was changed by reading it."
            }
            throw problem
        }
        let fields = try Self.kept(answer.body, plan, limits: self.limits)
        let body = try self.body(request, over: fields, operation, plan)
        var headers = request.headers
        var warnings = request.warnings
        if let etag = answer.strongETag {
            headers.append((name: "if-match", value: etag))
        } else if plan.options.instances > 1 {
            warnings.append(
                Warning(
                    pointer: "", code: .unguarded,
                    detail:
                        "\(plan.dialect.title) gave no version of the product: another instance of the gateway may have "
                        + "changed it at the same time"))
        }
        return VendorRequest(
            method: request.method, path: request.path, headers: headers, body: body, id: request.id,
            warnings: warnings)
    }

    /// The vendor's fields without those that must not be written back.
    private static func kept(_ body: [UInt8], _ plan: TargetPlan, limits: JSONLimits) throws(Problem) -> [UInt8] {
        let omitted = plan.read?.omitted ?? []
        guard let document = try? JSONDocument(parsing: body, limits: limits) else { throw self.notMerged(plan) }
        let kept = document.withView { view -> [UInt8] in
            guard let fields = view.value(at: plan.dialect.answer.fields) else { return [] }
            var output: [UInt8] = []
            self.copy(view, fields, at: [], without: omitted, to: &output)
            return output
        }
        guard let kept, !kept.isEmpty else { throw self.notMerged(plan) }
        return kept
    }

    /// Recursive; the parser's depth limit bounds it.
    private static func copy(
        _ view: JSONView, _ index: Int, at path: [String], without omitted: [[String]], to output: inout [UInt8]
    ) {
        guard view[index].kind == .object, omitted.contains(where: { $0.starts(with: path) }) else {
            output.append(contentsOf: view.raw(view[index]))
            return
        }
        output.append(UInt8(ascii: "{"))
        let start = output.count
        let end = view.next(after: index)
        var child = index + 1
        while child < end {
            let inner = path + [view.string(view[child])]
            if !omitted.contains(inner) {
                if output.count > start { output.append(UInt8(ascii: ",")) }
                output.append(contentsOf: view.raw(view[child]))
                output.append(UInt8(ascii: ":"))
                self.copy(view, child + 1, at: inner, without: omitted, to: &output)
            }
            child = view.next(after: child + 1)
        }
        output.append(UInt8(ascii: "}"))
    }

    private func body(
        _ request: VendorRequest, over fields: [UInt8], _ operation: OperationPlan, _ plan: TargetPlan
    ) throws(Problem) -> [UInt8] {
        let tokens = plan.dialect.operations.first { $0.kind == operation.kind }?.body.fieldsPath ?? []
        let merged: [UInt8]? = request.body.withUnsafeBufferPointer { patchBytes in
            fields.withUnsafeBufferPointer { baseBytes in
                guard let patch = try? self.tape.parse(patchBytes, limits: self.ownLimits),
                    let base = try? self.secondTape.parse(baseBytes, limits: self.ownLimits),
                    let patchFields = patch.value(at: tokens), patch[patchFields].kind == .object,
                    base[0].kind == .object
                else { return nil }
                var merge = MergePatch(base: base, patch: patch, nullRemoves: true)
                merge.merge(0, with: patchFields)
                return merge.output
            }
        }
        guard let merged else { throw Self.notMerged(plan) }
        return Self.enveloped(merged, operation, id: request.id.map { ProductID($0) })
    }

    private static func notMerged(_ plan: TargetPlan) -> Problem {
        Problem(
            .internalError, detail: "The update could not be merged into what \(plan.dialect.title) has.",
            target: plan.targetName)
    }
}
