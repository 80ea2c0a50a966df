extension TargetPlan {
    /// What this target does with one canonical field, for a person: a line for each operation, and what else there is
    /// to know. `index` is one of `CanonicalProduct.fields`.
    package func explanation(of index: Int) -> [String] {
        guard CanonicalProduct.fields.indices.contains(index) else { return [] }
        var lines: [String] = []
        for operation in self.dialect.operations {
            guard let plan = self.operation(operation.kind) else { continue }
            lines.append(
                "\(self.targetName) (\(self.dialect.title)), \(operation.kind.rawValue): \(self.sentence(plan, index))")
        }
        guard let field = self.dialect.fields.first(where: { $0.canonical == index }) else { return lines }
        let vendor = field.vendor.map { "/" + self.resolved.token($0) }.joined()
        if !vendor.isEmpty { lines.append("  called \(vendor) there") }
        if !field.values.isEmpty {
            let words = field.values.map { "\($0.canonical) is \(String(decoding: $0.vendor, as: UTF8.self))" }
            lines.append("  values: \(words.joined(separator: ", "))")
        }
        lines.append(field.isAnswered ? "  read back from its answers" : "  not read back from its answers")
        if let note = field.note { lines.append("  note: \(note)") }
        return lines
    }

    private func sentence(_ plan: OperationPlan, _ index: Int) -> String {
        let row = plan.rows[index]
        let bit: UInt64 = 1 << UInt64(index)
        switch row.state {
        case .unsupported: return "not sent. \(plan.reasons[index])"
        case .off: return "not sent. \(plan.reasons[index]) \"enable\" of the target switches it on."
        case .sent:
            var parts = ["sent"]
            if plan.requiredMask & bit != 0 { parts.append("required") }
            if plan.defaultMask & bit != 0 { parts.append("with a default from the target's parameters") }
            if plan.kind == .update { parts.append(row.clear.isEmpty ? "null is refused" : "null clears it") }
            if row.readsFirst { parts.append("the product is read first") }
            return parts.joined(separator: ", ")
        }
    }
}
