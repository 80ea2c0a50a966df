import GatewayJSON

/// What is given for elements of a list, laid over those that the vendor has.
extension MergingWriter {
    /// What was given that has been written over an element of the vendor's, and where to find what was given by name.
    private struct Given {
        /// As `RequestWriter` marks it.
        var laidOver: Set<Int> = []
        /// The items of a map by their names, by field.
        var items: [Int32: [String: Int]] = [:]
    }

    /// Writes the vendor's elements, what was given laid over each that it is about, and behind them what the vendor
    /// does not have yet. Of several that a value is about, the first is the one.
    func writeList(_ group: Int16, over list: Int?, to output: inout JSONOutput) {
        if let rule = self.operation.elements.first(where: { $0.group == group }) {
            self.writeElement(rule, over: list, to: &output)
            return
        }
        output.append(UInt8(ascii: "["))
        let start = output.count
        var given = Given()
        if let list {
            given.items = self.items(in: group)
            let base = self.patch.base
            let end = base.next(after: list)
            var element = list + 1
            while element < end {
                if output.count > start { output.append(UInt8(ascii: ",")) }
                if !self.writeGiven(over: element, in: group, &given, to: &output) {
                    output.append(bytes: base.raw(base[element]))
                }
                element = base.next(after: element)
            }
        }
        self.writer.writeElements(of: group, behind: start, without: given.laidOver, to: &output)
        output.append(UInt8(ascii: "]"))
    }

    /// What was given for the elements of a list whose names callers choose.
    private func items(in group: Int16) -> [Int32: [String: Int]] {
        let patch = self.patch.patch
        var items: [Int32: [String: Int]] = [:]
        for index in 0..<self.writer.pickCount {
            let pick = self.writer.picks[index]
            let row = self.writer.row(of: pick)
            guard row.pointee.group == group, row.pointee.form >= 0, pick.value >= 0,
                self.operation.forms[Int(row.pointee.form)].entries != nil
            else { continue }
            for name in MemberNames(patch, of: Int(pick.value)).all where !self.writer.dropped.contains(name + 1) {
                items[pick.field, default: [:]][patch.string(patch[name])] = name + 1
            }
        }
        return items
    }

    /// Lays over one of the vendor's elements what is given for it. False where nothing is, and nothing was written.
    private func writeGiven(
        over element: Int, in group: Int16, _ given: inout Given, to output: inout JSONOutput
    ) -> Bool {
        for index in 0..<self.writer.pickCount {
            let pick = self.writer.picks[index]
            let row = self.writer.row(of: pick)
            guard row.pointee.group == group, row.pointee.form >= 0 else { continue }
            if self.write(pick, row, over: element, &given, to: &output) { return true }
        }
        let base = self.patch.base
        for row in self.operation.localized where row.group == group {
            var reader = ElementForm(view: base)
            guard let form = row.element, reader.read(form, at: element), let locale = reader.locale,
                let text = self.writer.translation(row.member, of: locale, in: base),
                given.laidOver.insert(self.writer.mark(of: row, at: text.locale)).inserted
            else { continue }
            var writer = ElementWriter(view: self.writer.view)
            writer.locale = text.locale
            return writer.write(form, over: element, in: base, to: &output) {
                self.writer.writeText(text.value, to: &$0)
            }
        }
        return false
    }

    private func write(
        _ pick: Pick, _ row: UnsafePointer<FieldRow>, over element: Int, _ given: inout Given,
        to output: inout JSONOutput
    ) -> Bool {
        let base = self.patch.base
        let form = self.operation.forms[Int(row.pointee.form)]
        var reader = ElementForm(view: base)
        var writer = ElementWriter(view: self.writer.view)
        if let entry = form.entry {
            guard reader.read(entry, at: element),
                given.laidOver.insert(RequestWriter.mark(of: pick)).inserted
            else { return false }
            if pick.value >= 0 { writer.value = Int(pick.value) }
            let plan = pick.value == Pick.clearMark ? form.clearEntry ?? entry : entry
            return writer.write(plan, over: element, in: base, to: &output) {
                self.writer.writeScalar(pick, row, form, to: &$0)
            }
        }
        guard let entries = form.entries, reader.read(entries, at: element), let key = reader.key,
            let item = given.items[pick.field]?[base.string(base[key])], given.laidOver.insert(item).inserted
        else { return false }
        writer.key = item - 1
        writer.value = item
        return writer.write(entries, over: element, in: base, to: &output)
    }
}
