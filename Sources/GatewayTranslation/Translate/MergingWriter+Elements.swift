import GatewayJSON

/// What is given for one element of a list, or for several that are known by a member, laid over what the vendor has.
extension MergingWriter {
    /// Writes the vendor's elements, the one that has fields with what was given for them; behind them a new one, where
    /// the vendor has none.
    func writeElement(_ rule: ElementRule, over list: Int?, to output: inout JSONOutput) {
        let element = self.operation.groups[Int(rule.group)].element
        output.append(UInt8(ascii: "["))
        let start = output.count
        var isWritten = false
        if let list {
            let base = self.patch.base
            let end = base.next(after: list)
            var index = list + 1
            while index < end {
                if output.count > start { output.append(UInt8(ascii: ",")) }
                if !isWritten, base.kind(of: index) == .object, self.isMeant(index, rule) {
                    isWritten = true
                    self.writeGroup(element, over: index, node: nil, kept: rule.kept, to: &output)
                } else {
                    self.writeBase(index, kept: rule.kept, to: &output)
                }
                index = base.next(after: index)
            }
        }
        if !isWritten {
            if output.count > start { output.append(UInt8(ascii: ",")) }
            self.writer.writeGroup(element, to: &output)
        }
        output.append(UInt8(ascii: "]"))
    }

    private func isMeant(_ index: Int, _ rule: ElementRule) -> Bool {
        guard let like = rule.like else { return true }
        var reader = ElementForm(view: self.patch.base)
        return reader.read(like, at: index)
    }

    /// One of the vendor's elements, or of its members those that are kept.
    func writeBase(_ index: Int, kept: [String]?, to output: inout JSONOutput) {
        let base = self.patch.base
        guard let kept, base.kind(of: index) == .object else {
            output.append(bytes: base.raw(base[index]))
            return
        }
        output.append(UInt8(ascii: "{"))
        let start = output.count
        let end = base.next(after: index)
        var name = index + 1
        while name < end {
            if kept.contains(base.string(base[name])) {
                self.writeBaseName(name, behind: start, to: &output)
                output.append(bytes: base.raw(base[name + 1]))
            }
            name = base.next(after: name + 1)
        }
        output.append(UInt8(ascii: "}"))
    }

    /// Writes a list whose elements are known by a member: what is given is laid over the vendor's own of the same, its
    /// others stay, and what it does not have comes behind them.
    func writeIdentified(
        _ pick: Pick, _ form: FieldForm, _ identity: [String], over list: Int, to output: inout JSONOutput
    ) {
        guard let entries = form.entries else { return }
        let (base, view) = (self.patch.base, self.writer.view)
        var given = self.identities(of: Int(pick.value), identity)
        output.append(UInt8(ascii: "["))
        let start = output.count
        let end = base.next(after: list)
        var index = list + 1
        while index < end {
            if output.count > start { output.append(UInt8(ascii: ",")) }
            var reader = ElementForm(view: base)
            let isOne = reader.read(entries, at: index)
            let own = reader.members.first { $0.tokens == identity }.map { Self.text(base, $0.index) }
            if isOne, let own, let item = given.removeValue(forKey: own) {
                self.write(item, entries, over: index, kept: form.kept, to: &output)
            } else {
                self.writeBase(index, kept: form.kept, to: &output)
            }
            index = base.next(after: index)
        }
        let written = Set(given.values)
        let known = self.identities(of: Int(pick.value), identity)
        var writer = ElementWriter(view: view)
        writer.writeAll(of: Int(pick.value), entries, behind: start, to: &output) { item in
            guard !self.writer.dropped.contains(item) else { return false }
            return written.contains(item) || !known.values.contains(item)
        }
        output.append(UInt8(ascii: "]"))
    }

    private func write(
        _ item: Int, _ entries: ValuePlan, over index: Int, kept: [String]?, to output: inout JSONOutput
    ) {
        var writer = ElementWriter(view: self.writer.view)
        writer.value = item
        _ = writer.write(entries, over: index, in: self.patch.base, kept: kept, to: &output)
    }

    /// The items of a list by their identity, of two with the same the last; without those that have none.
    private func identities(of list: Int, _ identity: [String]) -> [[UInt8]: Int] {
        let view = self.writer.view
        var identities: [[UInt8]: Int] = [:]
        let end = view.next(after: list)
        var item = list + 1
        while item < end {
            if !self.writer.dropped.contains(item), let found = view.value(at: identity, from: item),
                view.kind(of: found) != .null
            {
                identities[Self.text(view, found)] = item
            }
            item = view.next(after: item)
        }
        return identities
    }

    /// A text's characters, or a number as it is written.
    private static func text(_ view: JSONView, _ index: Int) -> [UInt8] {
        view.kind(of: index) == .string ? view.decoded(view[index]) : Array(view.raw(view[index]))
    }
}
