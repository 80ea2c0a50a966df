package import GatewayJSON

extension TargetPlan {
    /// What this target takes, clears and requires: the document served at `/v1/targets/{name}`.
    ///
    /// - Parameter grants: what the caller who asks may do; nil where all may do everything.
    package func capabilityMatrix(for grants: CallerGrants? = nil) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 8192)
        writer.object { writer in
            self.writeSummary(to: &writer)
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
                    writer.object { writer in
                        self.write(field, index, to: &writer)
                        guard let grants else { return }
                        writer.object("permitted") { writer in
                            for operation in self.dialect.operations.map(\.kind) where operation != .read {
                                let extent = grants.extent(of: field, by: operation.rawValue)
                                writer.member(operation.rawValue, extent.rawValue)
                            }
                        }
                    }
                }
            }
        }
        return writer.bytes
    }

    /// Writes the members `target`, `dialect`, `vendor` and `operations`, for a list of targets.
    package func writeSummary(to writer: inout JSONWriter) {
        writer.member("target", self.targetName)
        writer.member("dialect", self.dialect.name)
        writer.member("vendor", self.dialect.title)
        writer.object("operations") { writer in
            for operation in self.dialect.operations {
                writer.object(operation.kind.rawValue) { writer in
                    writer.member("method", operation.method)
                    writer.member("path", operation.path.written)
                    if let note = operation.note { writer.member("note", note) }
                    if operation.encoding == .form { writer.member("encoding", "form") }
                    if !operation.following.isEmpty { writer.member("requests", 1 + operation.following.count) }
                    if self.readsFirst(operation.kind) {
                        writer.member("readsFirst", true)
                        writer.member(
                            "concurrency",
                            "Updates of one product take turns in this process. A change by anybody else in between is "
                                + "noticed only where the vendor gives a version (ETag).")
                    }
                }
            }
        }
    }

    private func write(_ field: CanonicalField, _ index: Int, to writer: inout JSONWriter) {
        writer.member("pointer", field.pointer)
        let own = self.dialect.fields.first { $0.canonical == index }
        for operation in self.dialect.operations {
            guard let plan = self.operation(operation.kind) else { continue }
            writer.object(operation.kind.rawValue) { self.write(plan, index, own, to: &$0) }
        }
        writer.member("answered", own?.isAnswered ?? false)
        guard let own else { return }
        let base = self.dialect.operations.first?.body.fieldsPath ?? []
        writer.member("vendorPointer", (base + own.vendor).map { "/" + JSONPointer.escape($0) }.joined())
        if let map = own.mapSemantics { writer.member("map", map.rawValue) }
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
            if row.mergesMap { writer.member("readsFirst", true) }
            if plan.kind == .update { writer.member("clear", !row.clear.isEmpty) }
            if plan.requiredMask & bit != 0 { writer.member("required", true) }
            if plan.defaultMask & bit != 0 { writer.member("hasDefault", true) }
        }
    }
}
