import GatewayJSON

/// Checks values against the flat shapes of a plan. Recursive along the shapes, which are a few levels deep, not
/// along the document.
struct ShapeChecker {
    let view: JSONView
    let plan: OperationPlan
    /// Whether a `null` inside a map may be sent.
    var clearsMembers = false

    private var shapes: ShapeTable { self.plan.shapes }
    private var title: String { self.plan.title }

    /// True where the value is of one of the shape's types. Reports everything else that is wrong.
    @discardableResult
    func check(_ index: Int, against shape: Int16, _ faults: inout Faults) -> Bool {
        let row = self.shapes.rows[Int(shape)]
        let entry = self.view[index]
        guard row.types & Self.type(of: entry.kind) != 0 else {
            faults.mistake(
                self.view.pointer(to: index), .wrongType,
                "expected \(Self.noun(row.types)), found \(entry.kind.noun)")
            return false
        }
        if row.isPlain { return true }
        switch entry.kind {
        case .string: self.checkText(index, entry, row, &faults)
        case .array: self.checkArray(index, row, &faults)
        case .object: self.checkObject(index, row, &faults)
        case .number: self.checkNumber(index, entry, row, &faults)
        default: break
        }
        return true
    }

    static func type(of kind: JSONKind) -> UInt8 {
        switch kind {
        case .object: 1
        case .array: 2
        case .string, .name: 4
        case .number: 8
        case .true, .false: 16
        case .null: 32
        }
    }

    static func noun(_ types: UInt8) -> String {
        let nouns: [(UInt8, String)] = [
            (1, "an object"), (2, "an array"), (4, "a string"), (8, "a number"), (16, "a boolean"), (32, "null"),
        ]
        return nouns.filter { types & $0.0 != 0 }.map(\.1).joined(separator: " or ")
    }

    private func checkText(_ index: Int, _ entry: JSONEntry, _ row: ShapeRow, _ faults: inout Faults) {
        // A text never has more characters than bytes: most are settled without counting.
        if row.lengthMax >= 0, entry.byteCount - 2 > Int(row.lengthMax) {
            let count = self.view.scalarCount(entry)
            if count > Int(row.lengthMax) {
                faults.mistake(
                    self.view.pointer(to: index), .tooLong,
                    "\(self.title) allows at most \(row.lengthMax) characters; these are \(count)")
            }
        }
        if row.lengthMin > 0, entry.byteCount - 2 < Int(row.lengthMin) * 6 {
            let count = self.view.scalarCount(entry)
            if count < Int(row.lengthMin) {
                faults.mistake(
                    self.view.pointer(to: index), .tooShort,
                    row.lengthMin == 1 ? "must not be empty" : "must have at least \(row.lengthMin) characters")
            }
        }
        if row.characters >= 0 { self.checkCharacters(index, entry, row, &faults) }
        if row.choices >= 0, self.choice(of: entry, row) == nil {
            let words = (0..<Int(row.choiceCount)).map { self.text(self.shapes.choices[Int(row.choices) + $0]) }
            faults.mistake(
                self.view.pointer(to: index), .notAllowed, "expected one of \(words.joined(separator: ", "))")
        }
    }

    private func choice(of entry: JSONEntry, _ row: ShapeRow) -> Int? {
        (0..<Int(row.choiceCount)).first {
            self.view.decodedContent(
                entry, equals: self.shapes.pool.view(self.shapes.choices[Int(row.choices) + $0]))
        }
    }

    private func checkCharacters(_ index: Int, _ entry: JSONEntry, _ row: ShapeRow, _ faults: inout Faults) {
        let allowed = self.shapes.characters.base + Int(row.characters) * 256
        var areAllowed: UInt8 = 1
        if entry.isEscaped {
            for byte in self.view.decoded(entry) { areAllowed &= allowed[Int(byte)] }
        } else {
            for byte in self.view.content(entry) { areAllowed &= allowed[Int(byte)] }
        }
        guard areAllowed == 0 else { return }
        faults.mistake(
            self.view.pointer(to: index), .pattern, self.shapes.characterSentences[Int(row.characters)])
    }

    private func checkArray(_ index: Int, _ row: ShapeRow, _ faults: inout Faults) {
        let end = self.view.next(after: index)
        var child = index + 1
        var count = 0
        while child < end {
            if row.items >= 0 { self.check(child, against: row.items, &faults) }
            count += 1
            child = self.view.next(after: child)
        }
        self.checkCount(count, index, row, &faults, noun: "items")
    }

    private func checkCount(_ count: Int, _ index: Int, _ row: ShapeRow, _ faults: inout Faults, noun: String) {
        if row.itemsMax >= 0, count > Int(row.itemsMax) {
            faults.mistake(
                self.view.pointer(to: index), .tooMany,
                "\(self.title) allows at most \(row.itemsMax) \(noun); these are \(count)")
        }
        if row.itemsMin >= 0, count < Int(row.itemsMin) {
            faults.mistake(
                self.view.pointer(to: index), .tooFew, "\(self.title) needs at least \(row.itemsMin) \(noun)")
        }
    }

    private func checkNumber(_ index: Int, _ entry: JSONEntry, _ row: ShapeRow, _ faults: inout Faults) {
        guard row.minimum >= 0 || row.maximum >= 0 else { return }
        // Only for comparing; what is sent is the text. A number beyond Double's range becomes infinite, which
        // compares rightly.
        guard let value = Double(String(decoding: self.view.raw(entry), as: UTF8.self)) else { return }
        if row.maximum >= 0, value > Double(row.maximum) {
            faults.mistake(self.view.pointer(to: index), .tooLarge, "\(self.title) allows at most \(row.maximum)")
        }
        if row.minimum >= 0, value < Double(row.minimum) {
            faults.mistake(self.view.pointer(to: index), .tooSmall, "\(self.title) needs at least \(row.minimum)")
        }
    }

    private func checkObject(_ index: Int, _ row: ShapeRow, _ faults: inout Faults) {
        let end = self.view.next(after: index)
        var seen: UInt64 = 0
        var child = index + 1
        var count = 0
        while child < end {
            self.checkMember(child, row, &seen, &faults)
            count += 1
            child = self.view.next(after: child + 1)
        }
        for position in 0..<Int(row.memberCount) where seen & (1 << UInt64(position & 63)) == 0 {
            let member = self.shapes.members[Int(row.members) + position]
            guard member.isRequired else { continue }
            let name = self.text(member.name)
            faults.mistake(
                self.view.pointer(to: index) + "/" + JSONPointer.escape(name), .required, "\(name) must be given")
        }
        self.checkCount(count, index, row, &faults, noun: "members")
    }

    private func checkMember(_ name: Int, _ row: ShapeRow, _ seen: inout UInt64, _ faults: inout Faults) {
        let value = name + 1
        let position = self.member(named: self.view[name], row)
        let isRequired = position.map { self.shapes.members[Int(row.members) + $0].isRequired } ?? false
        if row.nullClears, self.view[value].kind == .null {
            if isRequired, let position {
                seen |= 1 << UInt64(position & 63)
                faults.mistake(self.view.pointer(to: value), .required, "must be given; it cannot be null")
            } else {
                self.checkNull(value, &faults)
            }
            return
        }
        if let position {
            seen |= 1 << UInt64(position & 63)
            self.check(value, against: self.shapes.members[Int(row.members) + position].shape, &faults)
        } else if row.openness == Shape.Openness.closedByCanonical.rawValue {
            let known = (0..<Int(row.memberCount)).map { self.text(self.shapes.members[Int(row.members) + $0].name) }
            let written = self.view.string(self.view[name])
            let hint = Suggestion.closest(to: written, among: known).map { "; did you mean \($0)?" } ?? ""
            faults.mistake(
                self.view.pointer(to: value), .unknownMember,
                "expected one of \(known.joined(separator: ", "))\(hint)")
        } else if row.openness == Shape.Openness.closedByTarget.rawValue {
            let known = (0..<Int(row.memberCount)).map { self.text(self.shapes.members[Int(row.members) + $0].name) }
            let isDropped = faults.unsupported(
                self.view.pointer(to: value), .unsupportedField,
                "\(self.title) takes only \(known.joined(separator: ", ")) here")
            if isDropped { faults.drop(value) }
        } else if row.values >= 0 {
            self.check(value, against: row.values, &faults)
        }
    }

    /// A `null` inside a map: removes the member from the vendor's product, if the vendor can.
    private func checkNull(_ value: Int, _ faults: inout Faults) {
        // Nothing exists yet that could be cleared: RFC 7396 applied to nothing leaves the member out.
        if self.plan.kind == .create {
            faults.drop(value)
        } else if !self.clearsMembers {
            let isDropped = faults.unsupported(
                self.view.pointer(to: value), .cannotClear,
                "\(self.title) has no known way to remove a single member; leave it out")
            if isDropped { faults.drop(value) }
        }
    }

    private func member(named name: JSONEntry, _ row: ShapeRow) -> Int? {
        (0..<Int(row.memberCount)).first {
            self.view.decodedContent(
                name, equals: self.shapes.pool.view(self.shapes.members[Int(row.members) + $0].name))
        }
    }

    private func text(_ bytes: PooledBytes) -> String {
        String(decoding: self.shapes.pool.view(bytes), as: UTF8.self)
    }
}
