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

    /// What is given for the translation that the vendor has at a name of a group: a value, or -1 to clear it.
    func translation(into group: Int16, at name: Int) -> (member: String, value: Int)? {
        for row in self.operation.localized where row.group == group && row.element == nil {
            if let given = self.writer.translation(row.member, of: name, in: self.patch.base) {
                return (row.member, given.value)
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
                    self.writer.translation(row.member, of: locale, in: self.writer.view)?.value == -1
                {
                    return false
                }
                guard let known, row.element == nil else { return true }
                return !known.contains(self.writer.view.string(self.writer.view[locale]))
            }
        }
    }
}
