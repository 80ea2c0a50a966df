import GatewayJSON

/// Finds items, codes and texts in an error body of any shape. Reads; does not judge.
struct ErrorReader {
    let view: JSONView
    let rules: ErrorRules
    let places: FieldPlaces

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
        for tokens in self.rules.items + ErrorRules.commonItems {
            // The whole answer is a list of items only where it is an array.
            if tokens.isEmpty, self.view[0].kind != .array { continue }
            guard let container = self.view.value(at: tokens) else { continue }
            let items = self.items(in: container)
            if !items.isEmpty { return items }
        }
        return []
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
        (self.rules.detail + ErrorRules.commonDetail).contains { tokens in
            guard tokens.count == 1, let found = self.view.value(at: tokens, from: object) else { return false }
            return self.view[found].kind == .string && self.places.pointer(forVendorField: tokens[0]) == nil
        }
    }

    private func item(_ index: Int, field: String? = nil) -> VendorItem {
        guard self.view[index].kind == .object else { return VendorItem() }
        var item = VendorItem()
        item.code = self.code(index)
        item.title = self.firstText(self.rules.title + ErrorRules.commonTitle, index)
        item.detail = self.firstText(self.rules.detail + ErrorRules.commonDetail, index)
        item.status = self.firstScalar(self.rules.status + ErrorRules.commonStatus, index)
        item.requestID = self.firstText(self.rules.requestID + ErrorRules.commonRequestID, index)
        item.fields = self.fields(index)
        if item.fields.isEmpty, let field { item.fields = [field] }
        item.missingIDs = self.rules.missingIDs.lazy.compactMap { self.view.value(at: $0, from: index) }
            .map { self.texts($0) }.first { !$0.isEmpty } ?? []
        return item
    }

    /// All codes that the body offers at one place, in the dialect's order of preference.
    func codes(_ index: Int) -> [String] {
        guard self.view[index].kind == .object else { return [] }
        let own = self.rules.code.compactMap { place -> String? in
            guard let text = self.scalar(place.tokens, index) else { return nil }
            guard place.isFragment else { return text }
            guard let hash = text.lastIndex(of: "#"), text.index(after: hash) < text.endIndex else { return nil }
            let fragment = String(text[text.index(after: hash)...])
            // The fragment of an RFC's address names a section, not a vendor's code.
            return fragment.hasPrefix("section-") ? nil : fragment
        }
        return own + ErrorRules.commonCode.compactMap { self.scalar($0, index) }
    }

    private func code(_ index: Int) -> String? { self.codes(index).first }

    private func fields(_ index: Int) -> [String] {
        for tokens in self.rules.field + ErrorRules.commonField {
            guard let found = self.view.value(at: tokens, from: index) else { continue }
            let texts = self.texts(found)
            if !texts.isEmpty { return texts }
        }
        return []
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

    private func firstText(_ places: [[String]], _ index: Int) -> String? {
        for tokens in places {
            guard let found = self.view.value(at: tokens, from: index), let text = self.text(found), !text.isEmpty
            else { continue }
            return text
        }
        return nil
    }

    private func firstScalar(_ places: [[String]], _ index: Int) -> String? {
        for tokens in places {
            if let text = self.scalar(tokens, index) { return text }
        }
        return nil
    }

    private func scalar(_ tokens: [String], _ index: Int) -> String? {
        guard let found = self.view.value(at: tokens, from: index) else { return nil }
        if self.view[found].kind == .number {
            return String(decoding: self.view.raw(self.view[found]).prefix(64), as: UTF8.self)
        }
        return self.text(found).flatMap { $0.isEmpty ? nil : $0 }
    }

    private func text(_ index: Int) -> String? {
        guard self.view[index].kind == .string else { return nil }
        return String(self.view.string(self.view[index]).unicodeScalars.prefix(Self.textMax))
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
