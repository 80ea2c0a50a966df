import GatewayJSON

/// Writes what a vendor keeps in forms of its own: elements of lists, numbers as texts, texts with their translations.
extension RequestWriter {
    /// Writes a list of which fields are elements.
    func writeList(_ group: Int16, to output: inout JSONOutput) {
        output.append(UInt8(ascii: "["))
        let start = output.count
        let element = self.operation.groups[Int(group)].element
        if element > 0 {
            self.writeGroup(element, to: &output)
        } else {
            self.writeElements(of: group, behind: start, to: &output)
        }
        output.append(UInt8(ascii: "]"))
    }

    /// Writes what a new element of a list gets that no caller gives, as far as it stands in one group. Recursive along
    /// the plan's groups.
    func writeConstants(of group: Int16, behind start: Int, to output: inout JSONOutput) {
        guard self.writesConstants, self.operation.groups[Int(group)].isInElement else { return }
        for constant in self.operation.constants where constant.group == group {
            self.writeName(constant.name, behind: start, to: &output)
            constant.json.withUnsafeBufferPointer { output.append(bytes: $0) }
        }
        // A group in which something is given has been written with its own.
        for child in 0..<self.operation.groups.count {
            let row = self.operation.groups[child]
            guard row.parent == group, row.hasConstants, !self.isUsed(Int16(child)) else { continue }
            self.writeName(row.name, behind: start, to: &output)
            self.writeGroup(Int16(child), to: &output)
        }
    }

    /// Writes the elements of a list that are given.
    ///
    /// - Parameter laidOver: those that have been written already, over the vendor's own.
    func writeElements(
        of group: Int16, behind start: Int, without laidOver: Set<Int> = [], to output: inout JSONOutput
    ) {
        for index in 0..<self.pickCount where self.rows[Int(self.picks[index].field)].group == group {
            self.writeElement(self.picks[index], behind: start, without: laidOver, to: &output)
        }
        if !self.operation.localized.isEmpty {
            self.writeTranslations(into: group, behind: start, without: laidOver, to: &output)
        }
    }

    /// Writes the one element, or the several, that a field is in a list.
    func writeElement(_ pick: Pick, behind start: Int, without laidOver: Set<Int>, to output: inout JSONOutput) {
        let row = self.row(of: pick)
        guard row.pointee.form >= 0, !laidOver.contains(Self.mark(of: pick)) else { return }
        let form = self.operation.forms[Int(row.pointee.form)]
        var writer = ElementWriter(view: self.view)
        if let entry = form.entry {
            if pick.value >= 0 { writer.value = Int(pick.value) }
            let before = output.count
            if before > start { output.append(UInt8(ascii: ",")) }
            let plan = pick.value == Pick.clearMark ? form.clearEntry ?? entry : entry
            let isWritten = writer.write(plan, to: &output, value: { self.writeScalar(pick, row, form, to: &$0) })
            if !isWritten { output.truncate(to: before) }
        } else if let entries = form.entries, pick.value >= 0 {
            writer.writeAll(of: Int(pick.value), entries, behind: start, to: &output) {
                !self.dropped.contains($0) && !laidOver.contains($0)
            }
        }
    }

    /// What tells that the one element of a field is written: no place of a value.
    static func mark(of pick: Pick) -> Int { -1 - Int(pick.field) }

    /// The value of an element: in its own form, or as any other.
    func writeScalar(
        _ pick: Pick, _ row: UnsafePointer<FieldRow>, _ form: FieldForm, to output: inout JSONOutput
    ) {
        if pick.value >= 0 {
            if let scalar = form.scalar {
                ScalarForm.write(
                    self.view, Int(pick.value), as: scalar, fixedCurrency: form.fixedCurrency, to: &output)
            } else {
                self.writeKept(Int(pick.value), to: &output)
            }
        } else {
            self.writeValue(pick, row, to: &output)
        }
    }

    /// Writes a value in its form, where it is a member of an object.
    @inline(never)
    func writeFormed(_ pick: Pick, _ row: UnsafePointer<FieldRow>, to output: inout JSONOutput) {
        let form = self.operation.forms[Int(row.pointee.form)]
        let value = Int(pick.value)
        if form.scalar == .single {
            var writer = ElementWriter(view: self.view)
            writer.value = value + 1
            _ = writer.write(form.entries ?? .value, to: &output)
        } else if let scalar = form.scalar {
            ScalarForm.write(self.view, value, as: scalar, fixedCurrency: form.fixedCurrency, to: &output)
        } else if let entries = form.entries {
            output.append(UInt8(ascii: "["))
            var writer = ElementWriter(view: self.view)
            writer.writeAll(of: value, entries, behind: output.count, to: &output) { !self.dropped.contains($0) }
            output.append(UInt8(ascii: "]"))
        } else {
            self.writeKept(value, to: &output)
        }
    }

    // MARK: Translations

    /// The translations that are given, by their locale; nil where there are none.
    private var translations: Int? {
        for index in 0..<self.pickCount {
            let pick = self.picks[index]
            if self.rows[Int(pick.field)].group < 0, pick.value >= 0, self.isTranslations(Int(pick.field)) {
                return Int(pick.value)
            }
        }
        return nil
    }

    private func isTranslations(_ field: Int) -> Bool { CanonicalProduct.fields[field].pointer == "/translations" }

    /// Calls `body` with the name of each locale and the value of one of its members; -1 where the translation, or the
    /// member, is to be cleared.
    private func forEach(_ member: String, _ body: (_ locale: Int, _ value: Int) -> Void) {
        guard let translations = self.translations else { return }
        let end = self.view.next(after: translations)
        var locale = translations + 1
        while locale < end {
            defer { locale = self.view.next(after: locale + 1) }
            guard !self.dropped.contains(locale + 1) else { continue }
            if self.view.kind(of: locale + 1) == .null {
                body(locale, -1)
                continue
            }
            var name = member
            guard let value = name.withUTF8({ self.view.member($0, of: locale + 1) }), !self.dropped.contains(value)
            else { continue }
            body(locale, self.view.kind(of: value) == .null ? -1 : value)
        }
    }

    /// Whether a translation is written into a group, or into one inside it.
    func isUsedByTranslations(_ group: Int16) -> Bool {
        for row in self.operation.localized {
            var current = row.group
            while current > 0, current != group { current = self.operation.groups[Int(current)].parent }
            guard current == group else { continue }
            var isUsed = false
            self.forEach(row.member) { _, _ in isUsed = true }
            if isUsed { return true }
        }
        return false
    }

    /// Writes the translations that are kept in one group.
    func writeTranslations(
        into group: Int16, behind start: Int, without laidOver: Set<Int> = [], to output: inout JSONOutput
    ) {
        for row in self.operation.localized where row.group == group {
            self.writeTranslations(row, behind: start, to: &output) { locale in
                guard !laidOver.isEmpty else { return true }
                return !laidOver.contains(self.mark(of: row, at: locale))
            }
        }
    }

    /// What tells that one text of a translation is written: the place of its locale, apart for each member.
    func mark(of row: LocalizedRow, at locale: Int) -> Int {
        let position = self.operation.localized.firstIndex { $0.group == row.group && $0.member == row.member } ?? 0
        return -Pick.countMax - 1 - locale * self.operation.localized.count - position
    }

    func writeTranslations(
        _ row: LocalizedRow, behind start: Int, to output: inout JSONOutput, where isWanted: (_ locale: Int) -> Bool
    ) {
        // `output` cannot be captured: what is to be written is collected first.
        var found: [(locale: Int, value: Int)] = []
        self.forEach(row.member) { locale, value in if isWanted(locale) { found.append((locale, value)) } }
        for (locale, value) in found {
            let before = output.count
            if before > start { output.append(UInt8(ascii: ",")) }
            guard let element = row.element else {
                output.append(bytes: self.view.raw(self.view[locale]))
                output.append(UInt8(ascii: ":"))
                self.writeText(value, to: &output)
                continue
            }
            var writer = ElementWriter(view: self.view)
            writer.locale = locale
            let isWritten = writer.write(element, to: &output, value: { self.writeText(value, to: &$0) })
            if !isWritten { output.truncate(to: before) }
        }
    }

    func writeText(_ value: Int, to output: inout JSONOutput) {
        if value >= 0 {
            output.append(bytes: self.view.raw(self.view[value]))
        } else {
            output.append(literal: "null")
        }
    }

    /// What is given for a locale in one place of translations: the value, -1 to clear it; nil where nothing is.
    func translation(_ member: String, of locale: Int, in view: JSONView) -> (locale: Int, value: Int)? {
        var found: (locale: Int, value: Int)?
        self.forEach(member) { own, value in
            if self.view.string(self.view[own]) == view.string(view[locale]) { found = (own, value) }
        }
        return found
    }
}

extension RequestWriter {
    /// Writes the texts of one translation as the vendor calls the product's own, or by the names that it has for them.
    func writeTranslation(_ translation: Int, to output: inout JSONOutput) {
        if let field = CanonicalProduct.index(of: "/translations"), let names = self.operation.entryNames[field] {
            self.writeMembers(of: translation, calling: names, to: &output)
            return
        }
        let picks = UnsafeMutablePointer<Pick>.allocate(capacity: Pick.countMax)
        defer { picks.deallocate() }
        var count = 0
        let end = self.view.next(after: translation)
        var name = translation + 1
        while name < end, count < Pick.countMax {
            if let field = CanonicalProduct.index(of: "/" + self.view.string(self.view[name])),
                self.operation.rows[field].state == .sent, !self.dropped.contains(name + 1)
            {
                let isNull = self.view.kind(of: name + 1) == .null
                picks[count] = Pick(
                    field: Int32(truncatingIfNeeded: field),
                    value: isNull ? Pick.clearMark : Int32(truncatingIfNeeded: name + 1))
                count += 1
            }
            name = self.view.next(after: name + 1)
        }
        RequestWriter(self, picks: picks, count: count).writeFields(to: &output)
    }
}
