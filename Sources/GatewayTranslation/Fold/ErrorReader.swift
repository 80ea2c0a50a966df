import GatewayJSON

/// Finds items, codes and texts in an error body of any shape. Reads; does not judge.
///
/// Makes no strings: what it finds are places in the body, or in what was decoded behind it.
struct ErrorReader {
    let view: JSONView
    let plan: ErrorPlan
    /// The body; and behind it, what had to be decoded. A copy is made only for the latter.
    var words: [UInt8]
    /// Lent by the translator: room for `itemsMax`.
    let items: UnsafeMutablePointer<VendorItem>
    var itemCount = 0
    /// Whether the dialect itself says that errors are where the items were found.
    private(set) var itemsAreDeclared = false
    /// The answer itself, read as one item.
    var whole = VendorItem()
    /// The first code of the answer itself, or else of its items.
    private(set) var code = VendorText.none
    /// Which of the plan's rules is the first code's of which the dialect says anything.
    private(set) var rule: Int?

    /// Values that were looked at to find items.
    private var valuesSeen = 0

    /// More items than a person would read; what is beyond is counted for nothing.
    static let itemsMax = 100
    /// More values than an answer has among which a person finds its errors. Of each a kilobyte is noted at most, so
    /// that a body of megabytes does not become hundreds of them.
    private static let valuesMax = 10_000
    /// More bytes than a field's name has, or the path to it; a longer one is none.
    static let nameBytesMax = 512
    /// More fields for one item than any vendor would name.
    private static let fieldsMax = 20
    /// A vendor's text is passed on up to this many characters.
    private static let textMax = 1000

    /// `body` is what `view` is a view of.
    init(view: JSONView, of body: [UInt8], plan: ErrorPlan, items: UnsafeMutablePointer<VendorItem>) {
        self.view = view
        self.plan = plan
        self.words = body
        self.items = items
    }

    /// Reads everything. Once.
    mutating func read() {
        if self.view[0].kind == .string {
            self.whole = VendorItem(detail: self.text(0))
        } else {
            self.whole = self.item(0)
        }
        self.readItems()
        if !self.plan.separators.isEmpty { self.splitTexts() }
        self.readCodes()
    }

    /// What a body says that is one sentence and no JSON.
    mutating func readText() {
        guard !self.words.isEmpty else { return }
        self.whole = VendorItem(
            detail: VendorText(offset: 0, count: Int32(truncatingIfNeeded: self.words.count)))
        if !self.plan.separators.isEmpty { self.splitTexts() }
    }

    /// The items, from the first place that has any.
    private mutating func readItems() {
        let names = CompiledPointers.names(of: 0, in: self.view)
        self.plan.items.view.forEach(in: self.view, from: 0, names: names) { place, container in
            // The whole answer is a list of items only where it is an array.
            if self.plan.isWhole[place], self.view[0].kind != .array { return true }
            // A text beside another one is its title, and has been read as that.
            if self.view.kind(of: container) == .string, self.whole.text.isGiven { return true }
            self.readItems(in: container)
            self.itemsAreDeclared = place < self.plan.ownItemCount
            return self.itemCount == 0
        }
        // A map of errors may be all there is.
        if self.itemCount == 0, self.view[0].kind == .object, self.whole.isEmpty { self.readRootMap() }
    }

    private mutating func readRootMap() {
        let end = self.view.next(after: 0)
        var child = 1
        while child < end, self.looksAtOneMore() {
            if self.view.kind(of: child + 1) == .array {
                self.appendElements(of: child + 1, field: self.fieldName(child), depth: 0)
            }
            child = self.view.next(after: child + 1)
        }
        self.keepItems()
    }

    private mutating func readItems(in container: Int) {
        switch self.view[container].kind {
        case .array: self.appendElements(of: container, field: .none, depth: 0)
        case .object: self.appendMembers(of: container)
        case .string:
            let text = self.someText(container)
            if text.isGiven { self.append(VendorItem(detail: text)) }
        default: break
        }
        self.keepItems()
    }

    private mutating func keepItems() {
        var kept = 0
        for index in 0..<self.itemCount where !self.items[index].isEmpty {
            self.items[kept] = self.items[index]
            kept += 1
        }
        self.itemCount = kept
    }

    /// Whether another value may be looked at for an item.
    mutating func looksAtOneMore() -> Bool {
        self.valuesSeen += 1
        return self.itemCount < Self.itemsMax && self.valuesSeen <= Self.valuesMax
    }

    mutating func append(_ item: VendorItem) {
        guard self.itemCount < Self.itemsMax else { return }
        self.items[self.itemCount] = item
        self.itemCount += 1
    }

    /// Objects, texts, and arrays of them one level down.
    mutating func appendElements(of array: Int, field: VendorText, depth: Int) {
        let end = self.view.next(after: array)
        var child = array + 1
        var position = 0
        while child < end, self.looksAtOneMore() {
            switch self.view[child].kind {
            case .object: self.appendObject(child, field: field, depth: depth, position: position)
            case .string: self.append(VendorItem(detail: self.text(child), fieldName: field))
            case .array where depth == 0: self.appendElements(of: child, field: field, depth: 1)
            default: break
            }
            position += 1
            child = self.view.next(after: child)
        }
    }

    /// An object is either one item, or a map from a field's name to what is wrong with it.
    mutating func appendMembers(of object: Int) {
        if self.isItem(object) {
            self.append(self.item(object))
            return
        }
        let textsAreAttributes = self.listsErrors(object)
        let end = self.view.next(after: object)
        var child = object + 1
        while child < end, self.looksAtOneMore() {
            let value = child + 1
            switch self.view[value].kind {
            case .string where textsAreAttributes: break
            case .string: self.append(VendorItem(detail: self.text(value), fieldName: self.fieldName(child)))
            case .array: self.appendElements(of: value, field: self.fieldName(child), depth: 0)
            case .object: self.appendObject(value, field: self.fieldName(child), depth: 0)
            default: break
            }
            child = self.view.next(after: value)
        }
    }

    /// Whether an object has a text under a name that means one, and that is not the name of a field.
    func isItem(_ object: Int) -> Bool {
        var isItem = false
        let names = CompiledPointers.names(of: object, in: self.view)
        self.plan.itemTexts.view.forEach(in: self.view, from: object, names: names) { _, found in
            isItem = self.view[found].kind == .string || self.view[found].kind == .number
            return !isItem
        }
        return isItem
    }

    mutating func item(_ index: Int, field: VendorText = .none) -> VendorItem {
        guard self.view[index].kind == .object else { return VendorItem() }
        let names = CompiledPointers.names(of: index, in: self.view)
        var item = VendorItem()
        item.code = self.first(self.plan.codes.view, index, names) { $0.code($1, $2) }
        item.title = self.first(self.plan.title.view, index, names) { $0.someText($2) }
        item.detail = self.first(self.plan.detail.view, index, names) { $0.someText($2) }
        item.status = self.first(self.plan.status.view, index, names) { $0.scalar($2) }
        item.requestID = self.first(self.plan.requestID.view, index, names) { $0.someText($2) }
        self.readField(of: &item, index, names)
        if item.fields < 0, !item.fieldName.isGiven { item.fieldName = field }
        if self.plan.locale.count > 0 {
            item.locale = self.first(self.plan.locale.view, index, names) { $0.someText($2) }
        }
        if self.plan.parameters.count > 0 { self.fillParameters(of: &item, index, names) }
        item.missingIDs = self.firstTexts(self.plan.missingIDs.view, index, names)
        return item
    }

    /// The codes of the answer itself, all that it offers, in the dialect's order of preference; then those of its
    /// items.
    private mutating func readCodes() {
        if self.view[0].kind == .object {
            let names = CompiledPointers.names(of: 0, in: self.view)
            self.plan.codes.view.forEach(in: self.view, from: 0, names: names) { place, found in
                self.consider(self.code(place, found))
            }
        }
        var index = 0
        while index < self.itemCount, self.consider(self.items[index].code) { index += 1 }
    }

    /// False where nothing further has to be considered.
    private mutating func consider(_ code: VendorText) -> Bool {
        guard code.isGiven, self.rule == nil else { return self.rule == nil }
        if !self.code.isGiven { self.code = code }
        guard self.plan.knowsCodes else { return false }
        self.rule = code.withBytes(of: self.words) { self.plan.rule(for: $0) }
        return self.rule == nil
    }

    private mutating func code(_ place: Int, _ found: Int) -> VendorText {
        let text = self.scalar(found)
        guard text.isGiven, self.plan.isFragment[place] else { return text }
        return text.withBytes(of: self.words) { bytes in
            guard let hash = bytes.lastIndex(of: UInt8(ascii: "#")), hash + 1 < bytes.count else { return .none }
            // The fragment of an RFC's address names a section, not a vendor's code.
            if bytes[(hash + 1)...].starts(with: "section-".utf8) { return .none }
            return text.part(from: hash + 1, count: bytes.count - hash - 1)
        }
    }

    // MARK: Values

    /// What the first place leads to that leads to something of which `take` makes a text.
    @inline(__always)
    mutating func first(
        _ places: CompiledPointers.View, _ index: Int, _ names: UInt64,
        _ take: (inout ErrorReader, _ place: Int, _ found: Int) -> VendorText
    ) -> VendorText {
        var text = VendorText.none
        places.forEach(in: self.view, from: index, names: names) { place, found in
            text = take(&self, place, found)
            return !text.isGiven
        }
        return text
    }

    /// The first value with one text or several, or -1.
    private func firstTexts(_ places: CompiledPointers.View, _ index: Int, _ names: UInt64) -> Int32 {
        var texts: Int32 = -1
        places.forEach(in: self.view, from: index, names: names) { _, found in
            if self.hasText(found) { texts = Int32(truncatingIfNeeded: found) }
            return texts < 0
        }
        return texts
    }

    func hasText(_ index: Int) -> Bool {
        var hasText = false
        self.forEachText(of: index) { _ in
            hasText = true
            return false
        }
        return hasText
    }

    /// Calls `body` with a text that is not empty, or the texts of an array, until it answers false.
    private func forEachText(of index: Int, _ body: (JSONEntry) -> Bool) {
        let entry = self.view[index]
        if entry.kind == .string, entry.byteCount > 2 { _ = body(entry) }
        guard entry.kind == .array else { return }
        let end = self.view.next(after: index)
        var child = index + 1
        var count = 0
        while child < end, count < Self.fieldsMax {
            let entry = self.view[child]
            if entry.kind == .string, entry.byteCount > 2 {
                guard body(entry) else { return }
                count += 1
            }
            child = self.view.next(after: child)
        }
    }

    /// Calls `body` with the bytes of one text, or of each of several.
    func withTexts(of index: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        guard index >= 0 else { return }
        self.forEachText(of: Int(index)) { entry in
            if !entry.isEscaped {
                let content = self.view.content(entry)
                body(UnsafeBufferPointer(rebasing: content[..<Self.length(of: content)]))
            } else {
                self.view.decoded(entry).withUnsafeBufferPointer {
                    body(UnsafeBufferPointer(rebasing: $0[..<Self.length(of: $0)]))
                }
            }
            return true
        }
    }

    /// A text that is not empty, or a number.
    mutating func scalar(_ index: Int) -> VendorText {
        let entry = self.view[index]
        guard entry.kind == .number else { return self.someText(index) }
        return VendorText(
            offset: Int32(truncatingIfNeeded: entry.start), count: Int32(truncatingIfNeeded: min(64, entry.byteCount)))
    }

    mutating func someText(_ index: Int) -> VendorText {
        let text = self.text(index)
        return text.count == 0 ? .none : text
    }

    mutating func text(_ index: Int) -> VendorText {
        guard self.view[index].kind == .string else { return .none }
        var text = self.content(index, bytesMax: Self.textMax * Self.escapedBytesMax)
        // A text never has more characters than bytes.
        if text.count > Self.textMax {
            text.count = Int32(truncatingIfNeeded: text.withBytes(of: self.words) { Self.length(of: $0) })
        }
        return text
    }

    /// A character that is written as two escapes: no other takes more bytes.
    private static let escapedBytesMax = 12

    /// A field's name, or the path to it; none where it is too long for one.
    mutating func name(_ index: Int) -> VendorText {
        // Two are the quotes.
        guard self.view[index].byteCount <= Self.nameBytesMax + 2 else { return .none }
        return self.content(index, bytesMax: Self.nameBytesMax)
    }

    /// The content of a string or a name; where it has to be decoded, that of its first bytes, of which the last
    /// character may be damaged where there are more.
    private mutating func content(_ index: Int, bytesMax: Int) -> VendorText {
        let entry = self.view[index]
        guard entry.isEscaped else {
            return VendorText(
                offset: Int32(truncatingIfNeeded: entry.start &+ 1),
                count: Int32(truncatingIfNeeded: entry.byteCount &- 2))
        }
        let start = self.words.count
        let content = self.view.content(entry)
        JSONEscapes.decode(UnsafeBufferPointer(rebasing: content[..<min(content.count, bytesMax)]), into: &self.words)
        return VendorText(
            offset: Int32(truncatingIfNeeded: start), count: Int32(truncatingIfNeeded: self.words.count - start))
    }

    /// The length of as much of a text as is passed on.
    private static func length(of text: UnsafeBufferPointer<UInt8>) -> Int {
        guard text.count > self.textMax else { return text.count }
        var characters = 0
        for index in 0..<text.count where text[index] & 0xC0 != 0x80 {
            if characters == self.textMax { return index }
            characters += 1
        }
        return text.count
    }
}
