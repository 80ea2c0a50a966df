import GatewayHTTP
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
    /// How such an answer is read.
    let shape: AnswerPlan
    /// Whether there is nothing to be read in such an answer.
    let hasNoProduct: Bool

    init(
        answer: VendorAnswer, request: VendorRequest?, operation: OperationPlan, plan: TargetPlan, isReading: Bool,
        isFound: Bool = false
    ) {
        self.answer = answer
        self.request = request
        self.operation = operation
        self.plan = plan
        self.isReading = isReading
        var shape = plan.answer
        var hasNoProduct = false
        if isFound {
            // As the answer to the create would have it.
            if let own = operation.special?.answers.first?.plan { shape = own }
        } else if isReading {
            if let own = plan.read?.answer { shape = own }
        } else if let special = operation.special {
            if let following = request?.part?.plan {
                hasNoProduct = true
                shape = following.answer ?? shape
            }
            for own in special.answers where own.status == answer.status && request?.isFollowing != true {
                if let plan = own.plan { shape = plan } else { hasNoProduct = true }
            }
        }
        self.shape = shape
        self.hasNoProduct = hasNoProduct
    }

    /// The index of the object of the product's fields; throws where there is none, or it is another product's.
    func fields(in view: JSONView) throws(Problem) -> Int {
        let fields = self.shape.fields.value(0, in: view)
        let answeredID = self.shape.id.count > 0 ? self.shape.id.value(0, in: view) : nil
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
        var run = AnswerRun(view: view, plan: self.shape, title: self.plan.dialect.title, picks: picks)
        let product: [UInt8]?
        if !self.shape.hasProduct {
            product = []
        } else if keepsProduct {
            product = JSONOutput.array(expecting: view[fields].byteCount + 256) { run.write(from: fields, to: &$0) }
        } else {
            product = run.isReadable(fields) ? [] : nil
        }
        guard let product else { throw self.ofUnexpectedType }
        guard let id = self.id(in: view) else { throw self.unintelligible("answered a product without an id") }
        var warnings = self.warnings
        if !run.warnings.isEmpty { warnings += run.warnings }
        return CanonicalAnswer(
            id: id.value, product: product, warnings: warnings, vendorStatus: self.answer.status,
            vendorRequestID: self.answer.requestID)
    }

    /// What was dropped of the request, and that an update has created.
    private var warnings: [Warning] {
        let warnings = self.request?.warnings ?? []
        guard self.operation.kind == .update, !self.isReading,
            self.operation.special?.creatingStatuses.contains(self.answer.status) == true
        else { return warnings }
        return warnings + [
            Warning(
                pointer: "", code: .created,
                detail: "\(self.plan.dialect.title) had no product of this id: the update has created it")
        ]
    }

    /// Throws where a value of the product has not the type that the dialect says.
    func check(_ fields: Int, in view: JSONView, picks: UnsafeMutablePointer<Pick>) throws(Problem) {
        let run = AnswerRun(view: view, plan: self.shape, title: self.plan.dialect.title, picks: picks)
        guard run.isReadable(fields) else { throw self.ofUnexpectedType }
    }

    private var ofUnexpectedType: Problem {
        self.unintelligible("answered a product with a value of an unexpected type")
    }

    /// Whether the answer is one that has no body by its status (RFC 9110 §15.3.5, §15.3.6).
    var hasNoBody: Bool {
        self.hasNoProduct
            || (self.answer.body.isEmpty && (self.answer.status == 204 || self.answer.status == 205))
    }

    /// Whether such an answer is read all the same, for what tells of a failure in it. One without a body says all by
    /// its status; but 200 says that there is one.
    var mayTellOfFailure: Bool {
        self.request?.part?.plan?.answer != nil && (!self.answer.body.isEmpty || self.answer.status == 200)
    }

    /// What such an answer tells: that it is done. Throws where the id of a new product is missing.
    func answerWithoutBody() throws(Problem) -> CanonicalAnswer {
        var id = self.request?.id
        if case .header(let name) = self.operation.id, self.operation.kind == .create, !self.isReading {
            guard let address = self.answer.header(name), let found = Self.id(in: address) else {
                throw self.unintelligible("answered without the address of the new product")
            }
            id = found
        }
        return CanonicalAnswer(
            id: id, product: [], warnings: self.warnings,
            vendorStatus: self.answer.status, vendorRequestID: self.answer.requestID)
    }

    /// The last segment of an address, percent-decoded.
    private static func id(in address: String) -> [UInt8]? {
        let path = address.prefix { $0 != "?" && $0 != "#" }
        guard let segment = path.split(separator: "/").last else { return nil }
        var text = String(segment)
        let id = text.withUTF8 { PercentEncoding.decode($0) }
        return id.flatMap { ProductID.mistake(in: $0) == nil ? $0 : nil }
    }

    /// Whether the vendor tells of a failure in the midst of its success: a value that says something, at one of the
    /// places of the dialect.
    func tellsOfFailure(_ view: JSONView) -> Bool { self.failure(in: view) != nil }

    /// Which of the dialect's places it is.
    private func failure(in view: JSONView) -> Int? {
        let failures = self.shape.failures
        guard failures.count > 0 else { return nil }
        var failure: Int?
        let names = CompiledPointers.names(of: 0, in: view)
        failures.view.forEach(in: view, from: 0, names: names) { place, found in
            if let values = self.shape.failureValues[place] {
                if values.contains(where: { view.raw(view[found]).elementsEqual($0) }) { failure = place }
            } else if Self.saysSomething(found, in: view) {
                failure = place
            }
            return failure == nil
        }
        return failure
    }

    /// What the failure says of the change: that it was refused, where the place is one of refusals and there is no
    /// product beside it.
    func said(in view: JSONView) -> OutcomeRule.SaidInSuccess {
        guard let place = self.failure(in: view), self.shape.isRefusal[place] else { return .nothing }
        if self.shape.alwaysRefuses[place] { return .declined }
        guard let product = self.shape.refusesWithout.value(place, in: view) else { return .refused }
        return view.kind(of: product) == .null && self.shape.nullIsAbsent[place] ? .refused : .nothing
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
        let plan = self.shape
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
        guard self.operation.kind == .update, self.shape.idMatchesPath, let expected = self.request?.id,
            let found = answered
        else { return true }
        if view[found].kind == .string,
            expected.withUnsafeBufferPointer({ view.decodedContent(view[found], equals: $0) })
        {
            return true
        }
        var answered = view[found].kind == .string ? view.decoded(view[found]) : Array(view.raw(view[found]))
        if let form = self.shape.idForm { answered = form.id(in: answered) }
        return answered.count == expected.count
            && zip(answered, expected).allSatisfy { Self.lowered($0) == Self.lowered($1) }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

    private struct FoundID { let value: [UInt8]? }

    /// The id by which the caller knows the product; nil where a create's answer lacks it.
    private func id(in view: JSONView) -> FoundID? {
        if case .header(let name) = self.operation.id, self.operation.kind == .create {
            return self.answer.header(name).flatMap { Self.id(in: $0) }.map { FoundID(value: $0) }
        }
        guard case .answer(let tokens) = self.operation.id else { return FoundID(value: self.request?.id) }
        guard let found = view.value(at: tokens) else { return nil }
        switch view[found].kind {
        case .string:
            let id = view.decoded(view[found])
            return FoundID(value: self.shape.idForm?.id(in: id) ?? id)
        case .number: return FoundID(value: Array(view.raw(view[found])))
        default: return nil
        }
    }

    /// The id that the answer to a create gives the new product; nil where it gives none.
    func createdID(in view: JSONView) -> [UInt8]? {
        switch self.operation.id {
        case .answer, .header: self.id(in: view)?.value.flatMap { $0.isEmpty ? nil : $0 }
        default: nil
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
