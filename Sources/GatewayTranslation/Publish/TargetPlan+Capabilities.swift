package import GatewayJSON

extension TargetPlan {
    /// What this target takes, clears and requires: the document served at `/v1/targets/{name}`.
    ///
    /// - Parameter grants: what the caller who asks may do: operations that it may not do, and fields that it may
    ///   neither set nor read, are left out. Nil where all may do everything.
    package func capabilityMatrix(for grants: CallerGrants? = nil) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 8192)
        writer.object { writer in
            self.writeSummary(to: &writer, for: grants)
            writer.member("handling", self.options.handling.rawValue)
            writer.member("updateSemantics", self.resolved.updateSemantics.rawValue)
            if let source = self.dialect.source { writer.member("source", source) }
            if let grants {
                writer.object("caller") { writer in
                    writer.member("name", grants.caller)
                    writer.array("operations") { writer in
                        for operation in grants.operations { writer.string(operation) }
                    }
                }
            }
            writer.array("fields") { writer in
                for (index, field) in CanonicalProduct.fields.enumerated() {
                    let own = self.dialect.fields.first { $0.canonical == index }
                    guard grants?.shows(field, isAnswered: own?.isAnswered ?? false) != false else { continue }
                    writer.object { writer in
                        self.write(field, index, own, for: grants, to: &writer)
                        guard let grants else { return }
                        writer.object("permitted") { writer in
                            for (name, extent) in grants.extents(of: field, by: self.dialect.operations.map(\.kind)) {
                                writer.member(name, extent)
                            }
                        }
                    }
                }
            }
        }
        return writer.bytes
    }

    /// Writes the members `target`, `dialect`, `vendor` and `operations`, for a list of targets.
    package func writeSummary(to writer: inout JSONWriter, for grants: CallerGrants? = nil) {
        writer.member("target", self.targetName)
        writer.member("dialect", self.dialect.name)
        writer.member("vendor", self.dialect.title)
        writer.object("operations") { writer in
            for operation in self.dialect.operations where grants?.shows(operation.kind) != false {
                writer.object(operation.kind.rawValue) { writer in
                    writer.member("method", operation.method)
                    writer.member("path", operation.path.written)
                    if let note = operation.note { writer.member("note", note) }
                    if operation.encoding == .form { writer.member("encoding", "form") }
                    if let batch = operation.batch, self.batch(of: operation.kind) != nil {
                        writer.object("batch") { writer in
                            writer.member("method", batch.method)
                            writer.member("path", batch.path.written)
                            writer.member("maxItems", batch.itemsMax)
                        }
                    }
                    if !operation.following.isEmpty { writer.member("requests", 1 + operation.following.count) }
                    if self.readsFirst(operation.kind) {
                        writer.member("readsFirst", true)
                    }
                    if operation.kind == .update, self.readsFirst(.update) {
                        writer.member("concurrency", self.concurrency(of: operation.kind))
                    }
                }
            }
        }
    }

    private func write(
        _ field: CanonicalField, _ index: Int, _ own: Dialect.Field?, for grants: CallerGrants?,
        to writer: inout JSONWriter
    ) {
        writer.member("pointer", field.pointer)
        for operation in self.dialect.operations {
            guard let plan = self.operation(operation.kind), grants?.shows(field, by: operation.kind) != false else {
                continue
            }
            writer.object(operation.kind.rawValue) { self.write(plan, index, own, to: &$0) }
        }
        writer.member("answered", own?.isAnswered ?? false)
        guard let own else { return }
        writer.member(
            "vendorPointer",
            self.vendorPlace(of: own).map { "/" + JSONPointer.escape(self.resolved.token($0)) }.joined())
        if let map = own.mapSemantics { writer.member("map", map.rawValue) }
        if let identity = own.identity {
            writer.member("identity", identity.map { "/" + JSONPointer.escape($0) }.joined())
        }
        if !own.values.isEmpty {
            writer.object("values") { writer in
                for pair in own.values { writer.member(pair.canonical, raw: pair.vendor) }
            }
        }
        writer.object("schema") { writer in
            (own.overlay.map { field.shape.tightened(by: $0) } ?? field.shape).writeSchema(to: &writer, nullable: false)
        }
        if let note = own.note { writer.member("note", note) }
    }

    /// In the body of the first operation; or, where that is a list of actions, in which a field has no one place, in
    /// answers.
    private func vendorPlace(of field: Dialect.Field) -> [String] {
        if let operation = self.dialect.operations.first, let carrier = operation.carrier(of: field.canonical) {
            return (operation.following[carrier].body?.fieldsPath ?? []) + field.vendor
        }
        guard let operation = self.dialect.operations.first, !operation.actions.isEmpty else {
            return (self.dialect.operations.first?.body.fieldsPath ?? []) + field.vendor
        }
        if let root = field.answerRoot { return root }
        return self.dialect.answer.fields + (field.answerPlace ?? field.vendor)
    }

    private func concurrency(of operation: ProductOperation) -> String {
        let turns = "Updates of one product take turns in this process. A change by anybody else in between is "
        let takesBody = self.operation(operation)?.special?.taken.contains {
            if case .pointer = $0.place { true } else { false }
        }
        return turns
            + (takesBody == true
                ? "noticed by the vendor: each update carries what was read with the product, such as its version."
                : "noticed only where the vendor gives a version (ETag).")
    }

    /// What one operation does with one field.
    private func write(
        _ plan: OperationPlan, _ index: Int, _ field: Dialect.Field?, to writer: inout JSONWriter
    ) {
        let row = plan.rows[index]
        let bit: UInt64 = 1 << UInt64(index)
        switch row.state {
        case .unsupported:
            writer.member("set", false)
            writer.member("reason", plan.reasons[index])
        case .off:
            writer.member("set", false)
            writer.member("canBeEnabled", true)
            writer.member("reason", plan.reasons[index])
        case .sent:
            writer.member("set", true)
            if row.mergesMap || (row.readsFirst && plan.kind == .update) { writer.member("readsFirst", true) }
            if plan.kind == .update { writer.member("clear", !row.clear.isEmpty) }
            if plan.requiredMask & bit != 0 { writer.member("required", true) }
            if plan.defaultMask & bit != 0 { writer.member("hasDefault", true) }
        }
    }
}
