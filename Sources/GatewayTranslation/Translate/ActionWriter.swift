import GatewayJSON

/// Writes the fields that are given as a list of actions, in the order that the dialect states.
struct ActionWriter {
    let writer: RequestWriter
    let actions: [ValuePlan]
    let id: ProductID?
    let fillings: Fillings
    /// Writes a group of several fields, where what the vendor has is laid below.
    let writeGroup: (Int16, inout JSONOutput) -> Void
    /// Writes one field, likewise.
    let writeField: (Pick, inout JSONOutput) -> Void

    func write(to output: inout JSONOutput) {
        output.append(UInt8(ascii: "["))
        let start = output.count
        var element = ElementWriter(view: self.writer.view, id: self.id, fillings: self.fillings)
        element.value = nil
        for action in self.actions where self.isGiven(action) {
            let before = output.count
            if before > start { output.append(UInt8(ascii: ",")) }
            let isWritten = element.write(action, to: &output, field: { self.write($0, to: &$1) })
            if !isWritten { output.truncate(to: before) }
        }
        output.append(UInt8(ascii: "]"))
    }

    /// Whether any field of an action is given. Recursive along its form.
    private func isGiven(_ action: ValuePlan) -> Bool {
        switch action {
        case .field(let tokens): self.place(of: tokens) != nil
        case .object(let members): members.contains { self.isGiven($0.value) }
        case .array(let elements): elements.contains { self.isGiven($0) }
        default: false
        }
    }

    private enum Given {
        case group(Int16)
        case field(Pick)
    }

    /// What is given for a vendor's pointer; nil where nothing is.
    private func place(of tokens: [String]) -> Given? {
        var group: Int16 = 0
        for (depth, token) in tokens.enumerated() {
            let names = self.writer.operation.namesOfGroups[Int(group)]
            guard let place = names.first(where: { $0.name == token })?.value else { return nil }
            if place >= OperationPlan.firstGroup {
                group = Int16(place - OperationPlan.firstGroup)
                continue
            }
            return depth == tokens.count - 1 ? self.writer.pick(of: place).map { .field($0) } : nil
        }
        return group > 0 && self.writer.isUsed(group) ? .group(group) : nil
    }

    private func write(_ tokens: [String], to output: inout JSONOutput) -> Bool {
        let start = output.count
        switch self.place(of: tokens) {
        case .group(let group):
            self.writeGroup(group, &output)
            // Nothing is left of it: an action without a value is how such vendors clear.
            if output.count == start + 2 {
                output.truncate(to: start)
                return false
            }
        case .field(let pick): self.writeField(pick, &output)
        case nil: return false
        }
        return true
    }
}
