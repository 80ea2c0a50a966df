import GatewayJSON

/// What a vendor keeps in lists and beside translations, laid over what it has.
extension MergingWriter {
    /// Whether what is sent takes the place of the whole object, or list, of a group.
    func keepsRest(_ group: Int16) -> Bool { self.keepsRest || self.operation.groups[Int(group)].keepsRest }

    /// Writes a group, an object or a list, over the value of the vendor's member at a name.
    func writeChild(_ group: Int16, over name: Int?, node: Int?, to output: inout JSONOutput) {
        if self.operation.groups[Int(group)].isList {
            let list = name.flatMap { self.patch.base.kind(of: $0 + 1) == .array ? $0 + 1 : nil }
            self.writeList(group, over: self.keepsRest(group) ? list : nil, to: &output)
        } else {
            self.writeGroup(group, over: name.flatMap { self.objectValue($0) }, node: node, to: &output)
        }
    }

    /// Writes one group by itself, for an action.
    func write(group: Int16, from fields: Int, to output: inout JSONOutput) {
        let parent = self.operation.groups[Int(group)].parent
        let name = self.find(
            OperationPlan.firstGroup + Int(group), in: self.object(of: parent, in: fields), parent, nil)
        self.writeChild(group, over: name, node: nil, to: &output)
    }

    /// Writes one field by itself, for an action.
    func write(field pick: Pick, from fields: Int, to output: inout JSONOutput) {
        let row = self.writer.row(of: pick)
        let name = self.find(
            Int(pick.field), in: self.object(of: row.pointee.group, in: fields), row.pointee.group, nil)
        self.writeValue(pick, row, over: name, node: nil, to: &output)
    }

    /// Writes the vendor's elements that nothing was given for, as they are, and behind them what was given.
    private func writeList(_ group: Int16, over list: Int?, to output: inout JSONOutput) {
        output.append(UInt8(ascii: "["))
        let start = output.count
        if let list {
            let base = self.patch.base
            let end = base.next(after: list)
            var element = list + 1
            while element < end {
                if !self.isGiven(element, in: group) {
                    if output.count > start { output.append(UInt8(ascii: ",")) }
                    output.append(bytes: base.raw(base[element]))
                }
                element = base.next(after: element)
            }
        }
        self.writer.writeElements(of: group, behind: start, to: &output)
        output.append(UInt8(ascii: "]"))
    }

    /// Whether the update has something in the place of one of the vendor's elements.
    private func isGiven(_ element: Int, in group: Int16) -> Bool {
        let base = self.patch.base
        for index in 0..<self.writer.pickCount {
            let pick = self.writer.picks[index]
            let row = self.writer.row(of: pick)
            guard row.pointee.group == group, row.pointee.form >= 0 else { continue }
            let form = self.operation.forms[Int(row.pointee.form)]
            var reader = ElementForm(view: base)
            if let entry = form.entry {
                if reader.read(entry, at: element) { return true }
            } else if let entries = form.entries, pick.value >= 0, reader.read(entries, at: element),
                let key = reader.key
            {
                let names = MemberNames(self.patch.patch, of: Int(pick.value))
                let name = base.string(base[key])
                if names.all.contains(where: { self.patch.patch.string(self.patch.patch[$0]) == name }) { return true }
            }
        }
        for row in self.operation.localized where row.group == group {
            var reader = ElementForm(view: base)
            guard let form = row.element, reader.read(form, at: element), let locale = reader.locale else { continue }
            if self.writer.translation(row.member, of: locale, in: base) != nil { return true }
        }
        return false
    }

    /// What is given for the translation that the vendor has at a name of a group: a value, or -1 to clear it.
    func translation(into group: Int16, at name: Int) -> (member: String, value: Int)? {
        for row in self.operation.localized where row.group == group && row.element == nil {
            if let value = self.writer.translation(row.member, of: name, in: self.patch.base) {
                return (row.member, value)
            }
        }
        return nil
    }

    /// Writes the translations that the vendor's object does not have yet.
    func writeNewTranslations(into group: Int16, over object: Int?, behind start: Int, to output: inout JSONOutput) {
        let base = self.patch.base
        let known = object.map { object in
            MemberNames(base, of: object).all.map { base.string(base[$0]) }
        }
        for row in self.operation.localized where row.group == group {
            self.writer.writeTranslations(row, behind: start, to: &output) { locale in
                // What is cleared is left out of an object that is sent as a whole.
                if self.keepsRest(group), row.element == nil,
                    self.writer.translation(row.member, of: locale, in: self.writer.view) == -1
                {
                    return false
                }
                guard let known, row.element == nil else { return true }
                return !known.contains(self.writer.view.string(self.writer.view[locale]))
            }
        }
    }
}
