import GatewayJSON

/// Shapes of error bodies that are more than a list or a map of texts.
extension ErrorReader {
    /// How deep errors may lie in maps of maps; a product has no more levels.
    private static let depthMax = 4

    /// An object among errors: one of them, or what is wrong inside a field.
    ///
    /// - Parameter position: in a list.
    mutating func appendObject(_ object: Int, field: VendorText, depth: Int, position: Int? = nil) {
        let item = self.item(object, field: field)
        if item.text.isGiven || item.code.isGiven || depth >= Self.depthMax {
            self.append(item)
            return
        }
        let outer = position.map { self.joined(field, self.added(Array("\($0)".utf8))) } ?? field
        let textsAreAttributes = self.listsErrors(object)
        let end = self.view.next(after: object)
        var child = object + 1
        while child < end, self.looksAtOneMore() {
            let value = child + 1
            let inner = self.joined(outer, self.fieldName(child))
            switch self.view[value].kind {
            case .string where textsAreAttributes: break
            case .string: self.append(VendorItem(detail: self.text(value), fieldName: inner))
            case .array: self.appendElements(of: value, field: inner, depth: depth + 1)
            case .object: self.appendObject(value, field: inner, depth: depth + 1)
            default: break
            }
            child = self.view.next(after: value)
        }
    }

    /// Whether an object has its errors in a list of objects under a usual name: then a text beside the list is an
    /// attribute of the whole (Zod's `name`, protobuf's `@type`) rather than what is wrong with a field of that name.
    func listsErrors(_ object: Int) -> Bool {
        let end = self.view.next(after: object)
        var child = object + 1
        while child < end {
            let value = child + 1
            let next = self.view.next(after: value)
            if self.view.kind(of: value) == .array, next > value + 1, self.view.kind(of: value + 1) == .object,
                ErrorRules.listNames.contains(self.view.string(self.view[child]))
            {
                return true
            }
            child = next
        }
        return false
    }

    /// The name under which an error stands; none where that only says that it is about no field.
    mutating func fieldName(_ name: Int) -> VendorText {
        let text = self.name(name)
        guard text.isGiven, let string = text.string(of: self.words), !ErrorRules.notFields.contains(string) else {
            return .none
        }
        return text
    }

    /// A path of two parts, as a pointer.
    private mutating func joined(_ outer: VendorText, _ inner: VendorText) -> VendorText {
        guard outer.isGiven else { return inner }
        guard inner.isGiven else { return outer }
        guard outer.count + inner.count < Self.nameBytesMax else { return .none }
        let path =
            outer.withBytes(of: self.words) { Array($0) } + [UInt8(ascii: "/")]
            + inner.withBytes(of: self.words) { Array($0) }
        return self.added(path)
    }

    /// Adds a text behind the words.
    private mutating func added(_ text: [UInt8]) -> VendorText {
        let start = self.words.count
        self.words += text
        return VendorText(
            offset: Int32(truncatingIfNeeded: start), count: Int32(truncatingIfNeeded: self.words.count - start))
    }

    // MARK: Fields

    /// The first place that names a field.
    mutating func readField(of item: inout VendorItem, _ index: Int, _ names: UInt64) {
        var found: (place: Int, value: Int)?
        self.plan.field.view.forEach(in: self.view, from: index, names: names) { place, value in
            switch self.plan.fieldPlaces[place] {
            case .name: if self.hasText(value) { found = (place, value) }
            case .path, .steps: if self.isStep(value) { found = (place, value) }
            }
            return found == nil
        }
        guard let found else { return }
        switch self.plan.fieldPlaces[found.place] {
        case .name: item.fields = Int32(truncatingIfNeeded: found.value)
        case .path: item.fieldName = self.path(found.value)
        case .steps(let steps):
            let values = steps.compactMap { self.view.value(at: $0, from: index) }
            item.fieldName = self.path(of: values.filter { self.view.kind(of: $0) == .string })
        }
    }

    private func isStep(_ value: Int) -> Bool {
        switch self.view.kind(of: value) {
        case .string: self.view[value].byteCount > 2
        case .array: self.view.next(after: value) > value + 1
        default: false
        }
    }

    private mutating func path(_ value: Int) -> VendorText {
        guard self.view.kind(of: value) == .array else { return self.name(value) }
        var steps: [Int] = []
        let end = self.view.next(after: value)
        var step = value + 1
        while step < end, steps.count < 16 {
            steps.append(step)
            step = self.view.next(after: step)
        }
        return self.path(of: steps)
    }

    private mutating func path(of steps: [Int]) -> VendorText {
        var path: [UInt8] = []
        for step in steps {
            let entry = self.view[step]
            guard path.count + entry.byteCount <= Self.nameBytesMax else { return .none }
            switch entry.kind {
            case .string:
                let text = String(decoding: self.view.decoded(entry), as: UTF8.self)
                path += Array("/".utf8) + Array(JSONPointer.escape(text).utf8)
            case .number: path += Array("/".utf8) + Array(self.view.raw(entry))
            default: break
            }
        }
        return path.isEmpty ? .none : self.added(path)
    }

    // MARK: Parameters

    /// Fills the parameters into an item's text: `%1`, `%name`, `{{name}}`, `{name}`, `{0}`.
    mutating func fillParameters(of item: inout VendorItem, _ index: Int, _ names: UInt64) {
        var parameters: Int?
        self.plan.parameters.view.forEach(in: self.view, from: index, names: names) { _, found in
            let kind = self.view.kind(of: found)
            if kind == .array || kind == .object { parameters = found }
            return parameters == nil
        }
        guard let parameters = parameters.map({ self.textParameters($0) }) else { return }
        if item.detail.isGiven { item.detail = self.filled(item.detail, parameters) }
        if item.title.isGiven { item.title = self.filled(item.title, parameters) }
    }

    private func textParameters(_ container: Int) -> TextParameters {
        var parameters = TextParameters()
        let isList = self.view.kind(of: container) == .array
        let end = self.view.next(after: container)
        var child = container + 1
        var position = 0
        while child < end, position < TextParameters.countMax {
            let value = isList ? child : child + 1
            let entry = self.view[value]
            if max(entry.byteCount, self.view[child].byteCount) <= TextParameters.bytesMax {
                let words =
                    entry.kind == .string
                    ? self.view.decoded(entry) : entry.kind == .number ? Array(self.view.raw(entry)) : []
                if isList {
                    parameters.add(position: position, words)
                } else {
                    parameters.add(name: self.view.decoded(self.view[child]), words)
                }
            }
            position += 1
            child = self.view.next(after: value)
        }
        return parameters
    }

    private mutating func filled(_ text: VendorText, _ parameters: TextParameters) -> VendorText {
        text.withBytes(of: self.words) { parameters.filled($0) }.map { self.added($0) } ?? text
    }

    // MARK: Several errors in one text

    /// Makes an item of each part of a text that has several.
    mutating func splitTexts() {
        if self.itemCount == 0, self.whole.text.isGiven, !self.whole.namesField {
            let parts = self.parts(of: self.whole.text)
            if parts.count > 1 { for part in parts { self.append(VendorItem(code: self.whole.code, detail: part)) } }
            return
        }
        let items = (0..<self.itemCount).map { self.items[$0] }
        self.itemCount = 0
        for item in items {
            let parts = item.namesField || !item.text.isGiven ? [] : self.parts(of: item.text)
            if parts.count < 2 {
                self.append(item)
                continue
            }
            for part in parts {
                var one = item
                one.detail = part
                self.append(one)
            }
        }
    }

    private func parts(of text: VendorText) -> [VendorText] {
        let bytes = text.withBytes(of: self.words) { Array($0) }
        var parts: [VendorText] = []
        var start = 0
        var position = 0
        func add(upTo end: Int) {
            var (first, last) = (start, end)
            while first < last, bytes[first] <= 0x20 { first += 1 }
            while last > first, bytes[last - 1] <= 0x20 { last -= 1 }
            if last > first { parts.append(text.part(from: first, count: last - first)) }
        }
        while position < bytes.count {
            if let separator = self.plan.separators.first(where: { bytes[position...].starts(with: $0) }) {
                add(upTo: position)
                position += separator.count
                start = position
            } else {
                position += 1
            }
        }
        add(upTo: bytes.count)
        return parts
    }

    /// A text or a number at a pointer, for what is not part of an item.
    func scalarText(at tokens: [String]) -> String? {
        guard let found = self.view.value(at: tokens) else { return nil }
        switch self.view.kind(of: found) {
        case .string: return self.view.string(self.view[found])
        case .number: return String(decoding: self.view.raw(self.view[found]), as: UTF8.self)
        default: return nil
        }
    }
}
