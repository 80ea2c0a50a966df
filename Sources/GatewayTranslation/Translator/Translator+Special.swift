import GatewayJSON

/// Requests beyond one JSON body: forms, actions, computed header fields, what is taken from a read, several in order.
extension Translator {
    /// The first request of a change at a vendor with any of these.
    func write(
        _ run: TranslationRun, _ special: SpecialRequests, id: ProductID?, patch: UpdatePatch?, isShown: Bool,
        key: VendorKey?
    ) throws(Problem) -> VendorRequest {
        try Self.check(id, special, run.plan)
        let writer = RequestWriter(run)
        let planned = self.planned(run, special)
        if planned.isEmpty, Self.skipsFirst(run) { throw Self.nothingToSend(run) }
        let pointers = special.tracksFields ? Self.pointers(of: run) : []
        // What a read is needed for is written when it has come; a request without any field has nothing to say.
        if patch == nil, let first = planned.first, Self.skipsFirst(run), first.plan.taken.isEmpty {
            return self.request(planned[...], done: [], id: id, .none, warnings: run.errors.warnings)
        }
        var fillings = Fillings.none
        fillings.key = key
        let body = try isShown ? self.body(run, special, id: id, fillings, writer) : []
        let part =
            special.tracksFields
            ? RequestPart(plan: nil, pointers: pointers, done: [], following: planned) : nil
        return VendorRequest(
            method: run.operation.method, path: run.operation.path.path(id: id, fillings),
            headers: special.compiledHeaders.headers(id: id, fillings), body: body, id: id?.bytes,
            warnings: run.errors.warnings, patch: patch, part: part,
            wantedHeaders: Self.wantedHeaders(run.operation, special))
    }

    private static func wantedHeaders(_ operation: OperationPlan, _ special: SpecialRequests) -> [String] {
        var wanted = special.following.flatMap(\.taken).filter { $0.answer == .previous }.flatMap(\.headers)
        if case .header(let name) = operation.id { wanted.append(name) }
        return wanted
    }

    private static func check(_ id: ProductID?, _ special: SpecialRequests, _ plan: TargetPlan) throws(Problem) {
        guard let id else { return }
        if !special.following.isEmpty, let mistake = id.mistake {
            throw Problem(.invalidRequest, detail: "The product id \(mistake).", target: plan.targetName)
        }
        guard special.wantsNumericID else { return }
        let isNumber =
            !id.bytes.isEmpty && id.bytes.count <= 19 && id.bytes.allSatisfy { (0x30...0x39).contains($0) }
            && (id.bytes[0] != 0x30 || id.bytes.count == 1)
        guard isNumber else {
            throw Problem(
                .invalidRequest, detail: "\(plan.dialect.title)'s ids are numbers: the product id is none.",
                target: plan.targetName)
        }
    }

    /// Whether nothing of an update belongs into its first request.
    private static func skipsFirst(_ run: TranslationRun) -> Bool {
        guard run.operation.kind == .update, run.vendorFields == nil else { return false }
        return (0..<run.pickCount).allSatisfy { position in
            let field = Int(run.picks[position].field)
            let isTranslations = CanonicalProduct.fields[field].pointer == "/translations"
            let group = run.operation.rows[field].group
            if group > 0, run.operation.root(of: group) > 0 { return true }
            return group < 0 && !(isTranslations && !run.operation.localized.isEmpty)
        }
    }

    /// The body of a first request, from the caller's document alone.
    private func body(
        _ run: TranslationRun, _ special: SpecialRequests, id: ProductID?, _ fillings: Fillings, _ writer: RequestWriter
    ) throws(Problem) -> [UInt8] {
        let operation = run.operation
        let size = Int(run.view[0].end) + operation.overhead + (id?.bytes.count ?? 0) * 2
        if operation.layout == .actions {
            let actions = ActionWriter(
                writer: writer, actions: special.actions, id: id, fillings: fillings,
                writeGroup: { group, output in
                    operation.groups[Int(group)].isList
                        ? writer.writeList(group, to: &output) : writer.writeGroup(group, to: &output)
                }, writeField: { writer.writeValue($0, writer.row(of: $0), to: &$1) })
            return try self.actions(actions, run, special, size, id, fillings)
        }
        if let vendorFields = run.vendorFields {
            let fields = Self.written(expecting: size) { writer.writeFields(to: &$0) }
            let overlaid = try self.overlaid(
                fields, with: vendorFields, of: run, nullRemoves: false, on: self.secondTape)
            return self.enveloped(overlaid, operation, special, id, fillings)
        }
        if operation.layout == .form, special.formIsBare {
            return Self.written(expecting: size * 2) { FormWriter.write(writer, behind: special.formPrefix, to: &$0) }
        }
        let isForm = operation.layout == .form
        let body = Self.written(expecting: size) { output in
            Self.append(operation, id, fillings, to: &output) { writer.writeFields(to: &$0) }
        }
        return isForm ? self.form(of: body) : body
    }

    private func form(of body: [UInt8]) -> [UInt8] {
        Self.written(expecting: body.count * 2) { FormWriter.write(body, limits: self.ownLimits, to: &$0) }
    }

    private func actions(
        _ actions: ActionWriter, _ run: TranslationRun, _ special: SpecialRequests, _ size: Int, _ id: ProductID?,
        _ fillings: Fillings
    ) throws(Problem) -> [UInt8] {
        guard run.vendorFields == nil else {
            throw Problem(
                .unsupportedField,
                detail: "\(run.plan.dialect.title) takes a list of actions, into which vendorFields cannot be merged.",
                target: run.plan.targetName,
                errors: [
                    FieldError(
                        pointer: "/vendorFields", code: .unsupportedField,
                        detail: "there is no object that they could be laid over")
                ])
        }
        return Self.written(expecting: size) { output in
            run.operation.bodyBefore.append(to: &output, quotingID: id, fillings)
            actions.write(to: &output)
            run.operation.bodyAfter.append(to: &output, quotingID: id, fillings)
        }
    }

    /// The envelope with the object of the fields in it, or with its members.
    private static func append(
        _ operation: OperationPlan, _ id: ProductID?, _ fillings: Fillings, to output: inout JSONOutput,
        _ write: (inout JSONOutput) -> Void
    ) {
        operation.bodyBefore.append(to: &output, quotingID: id, fillings)
        let start = output.count
        write(&output)
        if operation.layout == .members { self.joinMembers(from: start, in: &output) }
        operation.bodyAfter.append(to: &output, quotingID: id, fillings)
    }

    /// Takes the braces from an object that was written: its members stand behind others, of which there is at least
    /// one.
    static func joinMembers(from start: Int, in output: inout JSONOutput) {
        if output.count > start + 2 {
            output.replace(at: start, with: UInt8(ascii: ","))
            output.truncate(to: output.count - 1)
        } else {
            output.truncate(to: start)
        }
    }

    private func enveloped(
        _ fields: [UInt8], _ operation: OperationPlan, _ special: SpecialRequests, _ id: ProductID?,
        _ fillings: Fillings
    ) -> [UInt8] {
        let body = Self.written(expecting: fields.count + operation.overhead + (id?.bytes.count ?? 0) * 2) { output in
            Self.append(operation, id, fillings, to: &output) { output in
                fields.withUnsafeBufferPointer { output.append(bytes: $0) }
            }
        }
        return operation.layout == .form ? self.form(of: body) : body
    }

    // MARK: After a read

    /// As `merge`, for a create: what the read tells is filled in, and nothing of it is a product.
    func prepared(
        _ request: VendorRequest, _ patch: UpdatePatch, into folder: SuccessFolder, _ special: SpecialRequests,
        _ read: ReadPlan, secret: SecretMask?, nowEpochSeconds: Int?
    ) throws(Problem) -> VendorRequest {
        let plan = folder.plan
        return try self.masking(secret, in: folder.answer) { () throws(Problem) -> VendorRequest in
            try self.checkStatus(folder, read.successStatuses, nowEpochSeconds)
            var fillings = try folder.answer.body.withUnsafeBufferPointer { body throws(Problem) -> Fillings in
                try self.fillings(
                    special.taken, folder.answer, in: try? self.tape.parse(body, limits: self.limits), plan,
                    inPaths: folder.operation.path.taken, inHeaders: special.compiledHeaders.taken)
            }
            fillings.key = patch.key
            return try self.running(patch, plan, folder.operation) { run throws(Problem) -> VendorRequest in
                VendorRequest(
                    method: request.method, path: folder.operation.path.path(id: nil, fillings),
                    headers: special.compiledHeaders.headers(id: nil, fillings),
                    body: try self.body(
                        run, special, id: request.id.map { ProductID($0) }, fillings, RequestWriter(run)),
                    id: request.id, warnings: request.warnings, patch: nil, part: request.part,
                    wantedHeaders: request.wantedHeaders)
            }
        }
    }

    /// Walks a caller's update once more, after what it is to be laid over has been read.
    func running<Result>(
        _ patch: UpdatePatch, _ plan: TargetPlan, _ operation: OperationPlan,
        _ body: (inout TranslationRun) throws(Problem) -> Result
    ) throws(Problem) -> Result {
        try patch.body.withUnsafeBufferPointer { buffer throws(Problem) -> Result in
            // It was found to be right once; a failure now would be our defect, and is answered as one.
            guard let view = try? self.secondTape.parse(buffer, limits: self.limits) else {
                throw Problem(
                    .internalError, detail: "The update could not be merged into what \(plan.dialect.title) has.",
                    target: plan.targetName)
            }
            var run = TranslationRun(
                view: view, plan: plan, operation: operation, picks: self.picks, handling: patch.handling)
            run.walk()
            return try body(&run)
        }
    }

    /// As `merge`, for a vendor with any of these: what the read tells is filled in, too.
    func mergeSpecial(
        _ request: VendorRequest, _ patch: UpdatePatch, into folder: SuccessFolder, _ read: ReadPlan,
        secret: SecretMask?, nowEpochSeconds: Int?
    ) throws(Problem) -> VendorRequest {
        try self.masking(secret, in: folder.answer) { () throws(Problem) -> VendorRequest in
            try self.checkRead(folder, read, nowEpochSeconds)
            return try folder.answer.body.withUnsafeBufferPointer { current throws(Problem) -> VendorRequest in
                let (base, fields) = try self.product(in: current, folder, nowEpochSeconds)
                return try self.request(request, patch, over: base, at: fields, of: folder, read)
            }
        }
    }

    private func request(
        _ request: VendorRequest, _ patch: UpdatePatch, over base: JSONView, at fields: Int, of folder: SuccessFolder,
        _ read: ReadPlan
    ) throws(Problem) -> VendorRequest {
        let (plan, operation) = (folder.plan, folder.operation)
        guard let special = operation.special else { return request }
        let id = request.id.map { ProductID($0) }
        return try self.running(patch, plan, operation) { run throws(Problem) -> VendorRequest in
            let replaces = plan.replaces(operation.kind)
            let writer = MergingWriter(run, over: base, read: read, keepsRest: replaces)
            let added = writer.errorsOfAdded(over: fields, handling: patch.handling)
            if !added.listed.isEmpty { run.errors = added }
            try Self.refuseFaults(run)
            let planned = self.planned(run, special)
            let inPaths = operation.path.taken + special.following.flatMap(\.path.taken)
            let inHeaders = special.compiledHeaders.taken + special.following.flatMap(\.headers.taken)
            var fillings = try self.fillings(
                special.taken, folder.answer, in: base, plan, inPaths: inPaths, inHeaders: inHeaders)
            fillings.key = patch.key?.over(folder.answer.body)
            if Self.skipsFirst(run), let first = planned.first {
                // The read is the answer before it.
                let previous = first.plan.taken.filter { $0.answer == .previous }
                var own = try self.fillings(
                    previous, folder.answer, in: base, plan, inPaths: inPaths, inHeaders: inHeaders)
                own.taken.merge(fillings.taken) { own, _ in own }
                return self.request(
                    planned[...], done: [], id: id, own, read: fillings, warnings: request.warnings)
            }
            var part = request.part
            part?.read = fillings
            let body = try self.body(run, special, id, fillings, writer, over: fields, size: patch.body.count)
            return VendorRequest(
                method: operation.method, path: operation.path.path(id: id, fillings),
                headers: Self.headers(
                    special, id, fillings, replaces ? folder.answer.guardingETag(evenIfWeak: read.sendsWeakTags) : nil),
                body: body, id: request.id,
                warnings: Self.warnings(request, folder, special, replaces, read), patch: nil, part: part,
                wantedHeaders: request.wantedHeaders)
        }
    }

    /// The version that a read gave guards the write, where the dialect does not say how itself.
    private static func headers(
        _ special: SpecialRequests, _ id: ProductID?, _ fillings: Fillings, _ etag: String?
    ) -> [(name: String, value: String)] {
        var headers = special.compiledHeaders.headers(id: id, fillings)
        if !special.takesVersion, let etag { headers.append(("if-match", etag)) }
        return headers
    }

    private static func warnings(
        _ request: VendorRequest, _ folder: SuccessFolder, _ special: SpecialRequests, _ replaces: Bool,
        _ read: ReadPlan
    ) -> [Warning] {
        let isGuarded =
            special.takesVersionOfBody || folder.answer.guardingETag(evenIfWeak: read.sendsWeakTags) != nil
        guard replaces, !isGuarded, folder.plan.options.instances > 1 else { return request.warnings }
        return request.warnings + [
            Warning(
                pointer: "", code: .unguarded,
                detail: "\(folder.plan.dialect.title) gave no version of the product: another instance of the gateway "
                    + "may have changed it at the same time")
        ]
    }

    private func body(
        _ run: TranslationRun, _ special: SpecialRequests, _ id: ProductID?, _ fillings: Fillings,
        _ writer: MergingWriter, over fields: Int, size: Int
    ) throws(Problem) -> [UInt8] {
        let operation = run.operation
        let base = writer.patch.base
        let size = size + operation.overhead + (writer.keepsRest ? base[fields].byteCount : 1024)
        if operation.layout == .actions {
            let actions = ActionWriter(
                writer: writer.writer, actions: special.actions, id: id, fillings: fillings,
                writeGroup: { writer.write(group: $0, from: fields, to: &$1) },
                writeField: { writer.write(field: $0, from: fields, to: &$1) })
            return try self.actions(actions, run, special, size, id, fillings)
        }
        let written = Self.written(expecting: size) { writer.writeFields(over: fields, to: &$0) }
        guard let vendorFields = run.vendorFields else {
            return self.enveloped(written, operation, special, id, fillings)
        }
        // What the base lay on is free now.
        let overlaid = try self.overlaid(
            written, with: vendorFields, of: run, nullRemoves: writer.keepsRest, on: self.tape)
        return self.enveloped(overlaid, operation, special, id, fillings)
    }

    /// What is taken from an answer; throws where it lacks what the vendor needs.
    func fillings(
        _ taken: [Taken], _ answer: VendorAnswer, in view: JSONView?, _ plan: TargetPlan, inPaths: [Taken],
        inHeaders: [Taken]
    ) throws(Problem) -> Fillings {
        var fillings = Fillings()
        for taken in taken {
            if let value = TakenValue.find(taken, in: answer, view) {
                if inPaths.contains(taken), let mistake = ProductID.mistake(in: value.text) {
                    throw Self.unusable(
                        "what the next request's path needs (\(taken.written)) \(mistake)", answer,
                        isReading: taken.answer == .read, plan)
                }
                // The field would be left out, and the request without what guards it.
                if inHeaders.contains(taken), !CompiledHeaders.isFieldText(value.text) {
                    throw Self.unusable(
                        "what the next request's header needs (\(taken.written)) has characters that none can have",
                        answer, isReading: taken.answer == .read, plan)
                }
                fillings.taken[taken] = value
            } else if taken.place == .header("etag") {
                // A vendor that gives no version cannot hold a write against one.
                fillings.taken[taken] = Fillings.Value(json: Array("null".utf8), text: [])
            } else {
                throw Self.unusable(
                    "what the next request needs (\(taken.written)) is not there", answer,
                    isReading: taken.answer == .read, plan)
            }
        }
        return fillings
    }

    /// What is told where an answer lacks what the next request needs.
    static func unusable(_ what: String, _ answer: VendorAnswer, isReading: Bool, _ plan: TargetPlan) -> Problem {
        Problem(
            .vendorUnintelligible, detail: "\(plan.dialect.title) has answered, but \(what).",
            origin: .vendor, target: plan.targetName,
            verdict: OutcomeRule.verdict(
                on: .vendorUnintelligible, .answered(status: answer.status), of: .update, isReading: isReading),
            vendor: VendorReport(status: answer.status, requestID: answer.requestID))
    }
}
