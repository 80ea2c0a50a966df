import GatewayJSON

/// Finds items, codes and texts in an error body of any shape. Reads; does not judge.
struct ErrorReader {
    let view: JSONView
    let plan: ErrorPlan

    /// More items than a person would read; what is beyond is counted for nothing.
    private static let itemsMax = 100
    /// More fields for one item than any vendor would name.
    private static let fieldsMax = 20
    /// A vendor's text is passed on up to this many characters.
    private static let textMax = 1000

    /// The answer itself, read as one item.
    func whole() -> VendorItem {
        if self.view[0].kind == .string { return VendorItem(detail: self.text(0)) }
        return self.item(0)
    }

    /// The items, from the first place that has any.
    func items() -> [VendorItem] {
        var items: [VendorItem] = []
        self.plan.items.forEach(in: self.view, from: 0) { place, container in
            // The whole answer is a list of items only where it is an array.
            if self.plan.isWhole[place], self.view[0].kind != .array { return true }
            items = self.items(in: container)
            return items.isEmpty
        }
        return items
    }

    private func items(in container: Int) -> [VendorItem] {
        var items: [VendorItem] = []
        switch self.view[container].kind {
        case .array: self.appendElements(of: container, field: nil, depth: 0, to: &items)
        case .object: self.appendMembers(of: container, to: &items)
        case .string: items.append(VendorItem(detail: self.text(container)))
        default: break
        }
        return items.filter { !$0.isEmpty }
    }

    /// Objects, texts, and arrays of them one level down.
    private func appendElements(of array: Int, field: String?, depth: Int, to items: inout [VendorItem]) {
        self.forEachChild(of: array) { child in
            guard items.count < Self.itemsMax else { return }
            switch self.view[child].kind {
            case .object: items.append(self.item(child, field: field))
            case .string: items.append(VendorItem(detail: self.text(child), fields: field.map { [$0] } ?? []))
            case .array where depth == 0: self.appendElements(of: child, field: field, depth: 1, to: &items)
            default: break
            }
        }
    }

    /// An object is either one item, or a map from a field's name to what is wrong with it.
    private func appendMembers(of object: Int, to items: inout [VendorItem]) {
        if self.isItem(object) {
            items.append(self.item(object))
            return
        }
        self.forEachMember(of: object) { name, value in
            guard items.count < Self.itemsMax else { return }
            switch self.view[value].kind {
            case .string: items.append(VendorItem(detail: self.text(value), fields: [name]))
            case .array: self.appendElements(of: value, field: name, depth: 0, to: &items)
            case .object: items.append(self.item(value, field: name))
            default: break
            }
        }
    }

    /// Whether an object has a text under a name that means one, and that is not the name of a field.
    private func isItem(_ object: Int) -> Bool {
        self.plan.itemTexts.first(in: self.view, from: object) { self.view[$0].kind == .string ? true : nil } ?? false
    }

    private func item(_ index: Int, field: String? = nil) -> VendorItem {
        guard self.view[index].kind == .object else { return VendorItem() }
        var item = VendorItem()
        item.code = self.code(index)
        item.title = self.firstText(self.plan.title, index)
        item.detail = self.firstText(self.plan.detail, index)
        item.status = self.plan.status.first(in: self.view, from: index) { self.scalar($0) }
        item.requestID = self.firstText(self.plan.requestID, index)
        item.fields = self.firstTexts(self.plan.field, index)
        if item.fields.isEmpty, let field { item.fields = [field] }
        item.missingIDs = self.firstTexts(self.plan.missingIDs, index)
        return item
    }

    /// All codes that the body offers at one place, in the dialect's order of preference.
    func codes(_ index: Int) -> [String] {
        guard self.view[index].kind == .object else { return [] }
        var codes: [String] = []
        self.plan.codes.forEach(in: self.view, from: index) { place, found in
            if let code = self.code(place, found) { codes.append(code) }
            return true
        }
        return codes
    }

    private func code(_ index: Int) -> String? {
        var code: String?
        self.plan.codes.forEach(in: self.view, from: index) { place, found in
            code = self.code(place, found)
            return code == nil
        }
        return code
    }

    private func code(_ place: Int, _ found: Int) -> String? {
        guard let text = self.scalar(found) else { return nil }
        guard self.plan.isFragment[place] else { return text }
        guard let hash = text.lastIndex(of: "#"), text.index(after: hash) < text.endIndex else { return nil }
        let fragment = String(text[text.index(after: hash)...])
        // The fragment of an RFC's address names a section, not a vendor's code.
        return fragment.hasPrefix("section-") ? nil : fragment
    }

    private func firstTexts(_ places: CompiledPointers, _ index: Int) -> [String] {
        places.first(in: self.view, from: index) {
            let texts = self.texts($0)
            return texts.isEmpty ? nil : texts
        } ?? []
    }

    /// A text, or the texts of an array.
    private func texts(_ index: Int) -> [String] {
        if let text = self.text(index) { return text.isEmpty ? [] : [text] }
        var texts: [String] = []
        guard self.view[index].kind == .array else { return [] }
        self.forEachChild(of: index) { child in
            if texts.count < Self.fieldsMax, let text = self.text(child), !text.isEmpty { texts.append(text) }
        }
        return texts
    }

    private func firstText(_ places: CompiledPointers, _ index: Int) -> String? {
        places.first(in: self.view, from: index) { self.text($0).flatMap { $0.isEmpty ? nil : $0 } }
    }

    private func scalar(_ index: Int) -> String? {
        if self.view[index].kind == .number {
            return String(decoding: self.view.raw(self.view[index]).prefix(64), as: UTF8.self)
        }
        return self.text(index).flatMap { $0.isEmpty ? nil : $0 }
    }

    private func text(_ index: Int) -> String? {
        let entry = self.view[index]
        guard entry.kind == .string else { return nil }
        // A text never has more characters than bytes.
        if !entry.isEscaped, entry.byteCount <= Self.textMax {
            return String(decoding: self.view.content(entry), as: UTF8.self)
        }
        return String(self.view.string(entry).unicodeScalars.prefix(Self.textMax))
    }

    private func forEachChild(of array: Int, _ body: (Int) -> Void) {
        let end = self.view.next(after: array)
        var child = array + 1
        while child < end {
            body(child)
            child = self.view.next(after: child)
        }
    }

    private func forEachMember(of object: Int, _ body: (String, Int) -> Void) {
        let end = self.view.next(after: object)
        var child = object + 1
        while child < end {
            body(self.view.string(self.view[child]), child + 1)
            child = self.view.next(after: child + 1)
        }
    }
}
