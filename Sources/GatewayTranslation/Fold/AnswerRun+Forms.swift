import GatewayJSON

/// What vendors keep in forms of their own: elements of lists, numbers as texts, texts with their translations.
extension AnswerRun {
    /// Reads a list of which fields are elements. False where a value is not what the dialect says.
    mutating func walkList(_ list: Int, node: Int, to output: inout JSONOutput) -> Bool {
        guard self.walkIndexes(list, node: node, to: &output) else { return false }
        guard let elements = self.plan.lists[node] else { return true }
        var found: Set<Int> = []
        var left: [Int] = []
        let end = self.view.next(after: list)
        var index = list + 1
        while index < end {
            var isTaken = false
            for element in elements where !element.isMap && !found.contains(element.field) {
                var reader = ElementForm(view: self.view)
                guard reader.read(element.form, at: index), let value = reader.value else { continue }
                found.insert(element.field)
                isTaken = true
                guard self.field(element.field, value, to: &output) else { return false }
                break
            }
            if !isTaken { left.append(index) }
            index = self.view.next(after: index)
        }
        for element in elements where element.isMap { self.writeMap(element, of: left, to: &output) }
        return true
    }

    /// Reads the elements of a list that pointers name by their index.
    private mutating func walkIndexes(_ list: Int, node: Int, to output: inout JSONOutput) -> Bool {
        for index in self.plan.indexes[node] ?? [] {
            guard let element = self.element(index.position, of: list, node) else { continue }
            if index.place < AnswerPlan.firstNode {
                guard self.field(index.place, element, to: &output) else { return false }
            } else if self.view.kind(of: element) == .object {
                guard self.walk(element, node: index.place - AnswerPlan.firstNode, to: &output) else { return false }
            } else if self.view.kind(of: element) == .array {
                guard self.walkList(element, node: index.place - AnswerPlan.firstNode, to: &output) else {
                    return false
                }
            }
        }
        return true
    }

    /// The element at an index; or, of a list in which one is told from others, the first that is like it.
    private func element(_ position: Int, of list: Int, _ node: Int) -> Int? {
        guard let like = self.plan.likes[node] else { return self.view.element(position, of: list) }
        let end = self.view.next(after: list)
        var index = list + 1
        while index < end {
            var reader = ElementForm(view: self.view)
            if self.view.kind(of: index) == .object, reader.read(like, at: index) { return index }
            index = self.view.next(after: index)
        }
        return nil
    }

    /// Whether `walkIndexes` would read them.
    func areElementsReadable(_ list: Int, node: Int) -> Bool {
        for index in self.plan.indexes[node] ?? [] {
            guard let element = self.element(index.position, of: list, node) else { continue }
            if index.place < AnswerPlan.firstNode {
                guard self.isReadable(self.rows + index.place, element) else { return false }
            } else if self.view.kind(of: element) == .object {
                guard self.isReadable(element, node: index.place - AnswerPlan.firstNode) else { return false }
            } else if self.view.kind(of: element) == .array {
                guard self.areElementsReadable(element, node: index.place - AnswerPlan.firstNode) else { return false }
            }
        }
        return true
    }

    /// Writes a map of the elements that have its form. Of two of one name the first counts.
    private func writeMap(_ element: AnswerElement, of list: [Int], to output: inout JSONOutput) {
        self.writeName(of: element.field, behind: self.start, to: &output)
        output.append(UInt8(ascii: "{"))
        let begin = output.count
        var names: Set<[UInt8]> = []
        for index in list {
            var reader = ElementForm(view: self.view)
            guard reader.read(element.form, at: index), let key = reader.key else { continue }
            guard names.insert(self.view.decoded(self.view[key])).inserted else { continue }
            let before = output.count
            if before > begin { output.append(UInt8(ascii: ",")) }
            output.append(bytes: self.view.raw(self.view[key]))
            output.append(UInt8(ascii: ":"))
            if !reader.writeValue(to: &output) { output.truncate(to: before) }
        }
        output.append(UInt8(ascii: "}"))
    }

    func writeName(of field: Int, behind start: Int, to output: inout JSONOutput) {
        output.append(
            bytes: self.pool.view(self.rows[field].name.withoutFirst(output.count == start)))
    }

    /// Writes a value that the vendor has in a form of its own. False where it is not of that form: it is left out,
    /// with a warning.
    mutating func writeFormed(_ field: Int, _ form: Int, _ value: Int, to output: inout JSONOutput) -> Bool {
        let plan = self.plan.forms[form]
        let shape = CanonicalProduct.fields[field].shape
        // A text without characters where a number belongs says that there is none.
        if plan.scalar != nil, shape.types.contains(.number), self.view.raw(self.view[value]).elementsEqual("\"\"".utf8)
        {
            output.append(literal: "null")
            return true
        }
        if plan.scalar == .single {
            if self.writeSingle(value, plan, shape, to: &output) { return true }
        } else if let scalar = plan.scalar,
            ScalarForm.read(
                self.view, value, as: scalar, isText: shape.types.contains(.string), currency: self.currency,
                to: &output)
        {
            return true
        }
        if plan.scalar == nil, let entries = plan.entries, self.view.kind(of: value) == .array {
            self.writeItems(of: value, entries, to: &output)
            return true
        }
        let written = String(decoding: self.view.raw(self.view[value]).prefix(64), as: UTF8.self)
        self.warnings.append(
            Warning(
                pointer: CanonicalProduct.fields[field].pointer, code: .unknownValue,
                detail: "\(self.title) answered \(written), which has no canonical form; left out"))
        return false
    }

    /// The currency of the price: the answer's, or the only one. In capitals, as ISO 4217 has them.
    private var currency: String? {
        guard let field = CanonicalProduct.index(of: "/price/currency") else { return nil }
        for index in 0..<self.pickCount where Int(self.picks[index].field) == field {
            let value = Int(self.picks[index].value)
            return self.view.kind(of: value) == .string ? self.view.string(self.view[value]).uppercased() : nil
        }
        let fixed = self.plan.fixed.first { $0.field == field }
        return fixed.flatMap { (try? JSONDocument(parsing: $0.json))?.root.string }
    }

    private func writeItems(of list: Int, _ form: ValuePlan, to output: inout JSONOutput) {
        output.append(UInt8(ascii: "["))
        let start = output.count
        let end = self.view.next(after: list)
        var index = list + 1
        while index < end {
            var reader = ElementForm(view: self.view)
            if reader.read(form, at: index) {
                let before = output.count
                if before > start { output.append(UInt8(ascii: ",")) }
                if !reader.writeValue(to: &output) { output.truncate(to: before) }
            }
            index = self.view.next(after: index)
        }
        output.append(UInt8(ascii: "]"))
    }

    /// Writes a list of the one item that the vendor has without a list; an empty one for a text without characters.
    private func writeSingle(_ value: Int, _ plan: FieldForm, _ shape: Shape, to output: inout JSONOutput) -> Bool {
        if self.view.raw(self.view[value]).elementsEqual("\"\"".utf8) {
            output.append(literal: "[]")
            return true
        }
        var reader = ElementForm(view: self.view)
        guard reader.read(plan.entries ?? .value, at: value), reader.fits(shape.items) else { return false }
        let start = output.count
        output.append(UInt8(ascii: "["))
        guard reader.writeValue(to: &output) else {
            output.truncate(to: start)
            return false
        }
        output.append(UInt8(ascii: "]"))
        return true
    }

    /// Reads the fields that are not in the object of the fields.
    mutating func writeRootFields(to output: inout JSONOutput) -> Bool {
        for (position, field) in self.plan.rootFields.enumerated() {
            guard let value = self.plan.rootPointers.value(position, in: self.view) else { continue }
            guard self.field(field, value, to: &output) else { return false }
        }
        return true
    }

    /// Writes the settings of the target that belong to one container, such as the currency of a price.
    func writeFixed(in container: Int, behind start: Int, to output: inout JSONOutput) {
        for fixed in self.plan.fixed where Int(self.rows[fixed.field].container) == container {
            self.writeName(of: fixed.field, behind: start, to: &output)
            fixed.json.withUnsafeBufferPointer { output.append(bytes: $0) }
        }
    }

    // MARK: Translations

    private struct Translation {
        let locale: Int
        var members: [(name: String, value: Int)]
    }

    /// In the order in which they were found, and where each is by its locale: an answer may have a hundred thousand.
    private struct Translations {
        var list: [Translation] = []
        var places: [[UInt8]: Int] = [:]
    }

    /// Writes the texts in other languages than the product's own, by locale.
    func writeTranslations(from fields: Int, to output: inout JSONOutput) {
        var found = Translations()
        for (position, place) in self.plan.localized.enumerated() {
            guard let container = self.plan.localizedPointers.value(position, in: self.view, from: fields) else {
                continue
            }
            self.collect(place, from: container, into: &found)
        }
        guard !found.list.isEmpty else { return }
        self.writeName(of: self.plan.translations, behind: self.start, to: &output)
        output.append(UInt8(ascii: "{"))
        for (position, translation) in found.list.enumerated() {
            if position > 0 { output.append(UInt8(ascii: ",")) }
            output.append(bytes: self.view.raw(self.view[translation.locale]))
            output.append(literal: ":{")
            for (position, member) in translation.members.enumerated() {
                if position > 0 { output.append(UInt8(ascii: ",")) }
                output.append(quoting: member.name)
                output.append(UInt8(ascii: ":"))
                output.append(bytes: self.view.raw(self.view[member.value]))
            }
            output.append(UInt8(ascii: "}"))
        }
        output.append(UInt8(ascii: "}"))
    }

    private func collect(_ place: LocalizedRow, from container: Int, into found: inout Translations) {
        let isObject = self.view.kind(of: container) == .object
        guard isObject == (place.element == nil), isObject || self.view.kind(of: container) == .array else { return }
        let end = self.view.next(after: container)
        var index = container + 1
        while index < end {
            if let element = place.element {
                var reader = ElementForm(view: self.view)
                if reader.read(element, at: index), let locale = reader.locale, let value = reader.value {
                    self.note(locale, place.member, value, &found)
                }
                index = self.view.next(after: index)
            } else {
                self.note(index, place.member, index + 1, &found)
                index = self.view.next(after: index + 1)
            }
        }
    }

    private func note(_ locale: Int, _ member: String, _ value: Int, _ found: inout Translations) {
        let name = self.view.decoded(self.view[locale])
        guard name != self.plan.ownLocale, self.view.kind(of: value) != .null else { return }
        // A canonical text; what else a vendor may keep there has no place.
        guard self.view.kind(of: value) == .string else { return }
        if let known = found.places[name] {
            if !found.list[known].members.contains(where: { $0.name == member }) {
                found.list[known].members.append((member, value))
            }
        } else {
            found.places[name] = found.list.count
            found.list.append(Translation(locale: locale, members: [(member, value)]))
        }
    }
}
