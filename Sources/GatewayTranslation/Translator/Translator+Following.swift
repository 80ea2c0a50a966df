import GatewayJSON

/// Several requests for one change, in order.
extension Translator {
    /// The requests that are to follow the first one, with what they carry.
    func planned(_ run: TranslationRun, _ special: SpecialRequests) -> [RequestPart.Planned] {
        var planned: [RequestPart.Planned] = []
        for plan in special.following {
            switch plan.condition {
            case .always:
                planned.append(RequestPart.Planned(plan: plan, locale: [], fields: [], pointers: []))
            case .given(let field, let word):
                guard Self.isGiven(field, word, run) else { continue }
                planned.append(
                    RequestPart.Planned(
                        plan: plan, locale: [], fields: [], pointers: [CanonicalProduct.fields[field].pointer]))
            case .fields:
                if let carrying = Self.carrying(run, plan) { planned.append(carrying) }
            case .eachTranslation:
                planned += Self.translations(run, plan)
            }
        }
        return planned
    }

    /// The request that carries some fields, where any of them is given.
    private static func carrying(_ run: TranslationRun, _ plan: FollowingPlan) -> RequestPart.Planned? {
        let writer = RequestWriter(run)
        guard plan.group > 0, writer.isUsed(plan.group) else { return nil }
        let pointers = Self.pointers(of: run, in: plan.group)
        guard !pointers.isEmpty else { return nil }
        let fields = self.written(expecting: Int(run.view[0].end) + 256) { writer.writeGroup(plan.group, to: &$0) }
        return RequestPart.Planned(plan: plan, locale: [], fields: fields, pointers: pointers)
    }

    private static func isGiven(_ field: Int, _ word: String?, _ run: TranslationRun) -> Bool {
        guard let pick = (0..<run.pickCount).first(where: { Int(run.picks[$0].field) == field }) else { return false }
        guard let word else { return true }
        let value = run.picks[pick].value
        if value <= Pick.firstValueMark {
            let row = run.operation.values[Int(Pick.firstValueMark - value)]
            return Array(run.operation.pool.view(row.canonical)) == Array(word.utf8)
        }
        return value >= 0 && run.view.kind(of: Int(value)) == .string && run.view.string(run.view[Int(value)]) == word
    }

    /// One request for each translation, with the fields that the product's own texts have.
    private static func translations(_ run: TranslationRun, _ plan: FollowingPlan) -> [RequestPart.Planned] {
        guard let field = CanonicalProduct.index(of: "/translations"),
            let pick = (0..<run.pickCount).first(where: { Int(run.picks[$0].field) == field }),
            run.picks[pick].value >= 0
        else { return [] }
        var planned: [RequestPart.Planned] = []
        let view = run.view
        let translations = Int(run.picks[pick].value)
        let end = view.next(after: translations)
        var locale = translations + 1
        while locale < end {
            if view.kind(of: locale + 1) == .object, !run.errors.dropped.contains(locale + 1) {
                let fields = self.written(expecting: view[locale + 1].byteCount + 256) { output in
                    RequestWriter(run).writeTranslation(locale + 1, to: &output)
                }
                // Nothing is left of it, or nothing was ever in it.
                if fields.count > 2 {
                    planned.append(
                        RequestPart.Planned(
                            plan: plan, locale: view.decoded(view[locale]), fields: fields,
                            pointers: [view.pointer(to: locale + 1)]))
                }
            }
            locale = view.next(after: locale + 1)
        }
        return planned
    }

    /// What of the caller's document a request carries: the first one, or the one whose fields are in a group.
    static func pointers(of run: TranslationRun, in root: Int16 = 0) -> [String] {
        (0..<run.pickCount).compactMap { position in
            let pick = run.picks[position]
            let group = run.operation.rows[Int(pick.field)].group
            guard pick.value != Pick.defaultMark, group >= 0, run.operation.root(of: group) == root else { return nil }
            return CanonicalProduct.fields[Int(pick.field)].pointer
        }
    }

    /// The first of some requests.
    func request(
        _ planned: ArraySlice<RequestPart.Planned>, done: [String], id: ProductID?, _ fillings: Fillings,
        read: Fillings = .none, warnings: [Warning]
    ) -> VendorRequest {
        guard let next = planned.first else {
            return VendorRequest(method: "GET", path: [], headers: [], body: [], id: id?.bytes, warnings: warnings)
        }
        var fillings = fillings
        fillings.locale = next.locale
        let following = Array(planned.dropFirst())
        return VendorRequest(
            method: next.plan.method, path: next.plan.path.path(id: id, fillings),
            headers: next.plan.headers.headers(id: id, fillings), body: self.body(next, id, fillings), id: id?.bytes,
            warnings: warnings, patch: nil,
            part: RequestPart(plan: next.plan, pointers: next.pointers, done: done, following: following, read: read),
            wantedHeaders: following.flatMap(\.plan.taken).flatMap(\.headers))
    }

    private func body(_ planned: RequestPart.Planned, _ id: ProductID?, _ fillings: Fillings) -> [UInt8] {
        guard let envelope = planned.plan.envelope else { return [] }
        let body = Self.written(expecting: planned.fields.count + 512) { output in
            envelope.before.append(to: &output, quotingID: id, fillings)
            let start = output.count
            planned.fields.withUnsafeBufferPointer { output.append(bytes: $0) }
            if envelope.layout == .members { Self.joinMembers(from: start, in: &output) }
            envelope.after.append(to: &output, quotingID: id, fillings)
        }
        guard planned.plan.encoding == .form else { return body }
        return Self.written(expecting: body.count * 2) { FormWriter.write(body, limits: self.ownLimits, to: &$0) }
    }

    /// The request that follows one that has succeeded; nil where there is none.
    ///
    /// - Parameters:
    ///   - answer: to `request`.
    ///   - product: what the first answer folded to: a create's id is in it.
    package func next(
        after request: VendorRequest, _ answer: VendorAnswer, product: CanonicalAnswer, for plan: TargetPlan
    ) throws(Problem) -> VendorRequest? {
        guard let part = request.part, let next = part.following.first else { return nil }
        let done = part.done + part.pointers
        let id = (request.id ?? product.id).map { ProductID($0) }
        do throws(Problem) {
            if let mistake = id?.mistake {
                throw Self.unusable("the id of the new product \(mistake)", answer, isReading: false, plan)
            }
            let taken = next.plan.taken.filter { $0.answer == .previous }
            var fillings = try answer.body.withUnsafeBufferPointer { body throws(Problem) -> Fillings in
                let view = taken.isEmpty ? nil : answer.view(of: body, on: self.tape, limits: self.limits)
                return try self.fillings(
                    taken, answer, in: view, plan, inPaths: next.plan.path.taken,
                    inHeaders: next.plan.headers.taken)
            }
            fillings.taken.merge(part.read.taken) { own, _ in own }
            return self.request(
                part.following[...], done: done, id: id, fillings, read: part.read, warnings: request.warnings)
        } catch {
            throw error.afterPart(done: done, of: .update)
        }
    }
}

extension Translator {
    /// The requests that would follow one, in order, where each succeeds: for people to see. What they take from
    /// answers stands in braces.
    package func following(_ request: VendorRequest) -> [VendorRequest] {
        guard let part = request.part else { return [] }
        let id = request.id.map { ProductID($0) } ?? ProductID(Array("{id}".utf8))
        return part.following.map { planned in
            self.request([planned], done: [], id: id, .none, read: .none, warnings: [])
        }
    }
}

extension TargetPlan {
    /// What of an answer's header fields is to be kept, beside those that every answer is read for.
    package func wantedHeaders(of request: VendorRequest) -> [String] {
        self.heededHeaders.isEmpty ? request.wantedHeaders : self.heededHeaders + request.wantedHeaders
    }
}

extension VendorRequest {
    /// The same problem where requests before this one have done a part of the change.
    package func judged(_ problem: Problem, of operation: ProductOperation) -> Problem {
        guard let part = self.part, !part.done.isEmpty, problem.outcome != .partial else { return problem }
        return problem.afterPart(done: part.done, of: operation, createdID: operation == .create ? self.id : nil)
    }
}
