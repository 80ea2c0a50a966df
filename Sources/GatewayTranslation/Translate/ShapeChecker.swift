import GatewayDocuments
import GatewayJSON

/// Checks values against the flat shapes of a plan. Recursive along the shapes, which are a few levels deep, not
/// along the document.
///
/// Not copyable, because copying what it holds would cost a good part of what it does. That is also why what is called
/// for every value is `mutating`, though it changes nothing: only then it is not copied to be called.
struct ShapeChecker: ~Copyable {
    let view: JSONView
    let plan: OperationPlan
    /// Whether a `null` inside a map may be sent.
    var clearsMembers = false
    /// Whether an object is laid over one that may have what this one lacks.
    var isPatch = false

    // The plan's shapes: pointers, so that checking touches no reference counts. The plan keeps them.
    private let rows: UnsafePointer<ShapeRow>
    private let members: UnsafePointer<ShapeMemberRow>
    private let characters: UnsafePointer<UInt8>
    private let choices: UnsafePointer<PooledBytes>
    private let pool: UnsafePointer<UInt8>
    private var title: String { self.plan.title }

    /// A row where it lies: too large to be copied for every value.
    private typealias Row = UnsafePointer<ShapeRow>

    init(view: JSONView, plan: OperationPlan) {
        self.view = view
        self.plan = plan
        self.rows = plan.shapes.rows.base
        self.members = plan.shapes.members.base
        self.characters = plan.shapes.characters.base
        self.choices = plan.shapes.choices.base
        self.pool = plan.shapes.pool.base
    }

    /// True where the value is of one of the shape's types. Reports everything else that is wrong.
    @discardableResult @inline(__always)
    mutating func check(_ index: Int, against shape: Int16, _ errors: inout FieldErrors) -> Bool {
        let row = self.rows + Int(shape)
        let kind = self.view.kind(of: index)
        guard row.pointee.types & Shape.Types.bit(of: kind) != 0 else {
            self.refuseType(index, row, &errors)
            return false
        }
        if !row.pointee.isPlain {
            if kind == .string {
                self.checkText(index, row, &errors)
            } else {
                self.checkInside(index, kind, row, &errors)
            }
        }
        return true
    }

    @inline(never)
    private func refuseType(_ index: Int, _ row: Row, _ errors: inout FieldErrors) {
        if row.pointee.types == Shape.nothing.types.rawValue {
            let isDropped = errors.unsupported(
                self.view.pointer(to: index), .unsupportedField, "\(self.title) has no place for it")
            if isDropped { errors.drop(index) }
            return
        }
        errors.mistake(
            self.view.pointer(to: index), .wrongType,
            "expected \(Self.noun(row.pointee.types)), found \(self.view[index].kind.noun)")
    }

    @inline(never)
    private mutating func checkInside(_ index: Int, _ kind: JSONKind, _ row: Row, _ errors: inout FieldErrors) {
        switch kind {
        case .array: self.checkArray(index, row, &errors)
        case .object: self.checkObject(index, row, &errors)
        case .number: self.checkNumber(index, row, &errors)
        default: break
        }
    }

    static func noun(_ types: UInt8) -> String {
        let nouns: [(UInt8, String)] = [
            (1, "an object"), (2, "an array"), (4, "a string"), (8, "a number"), (16, "a boolean"), (32, "null"),
        ]
        return nouns.filter { types & $0.0 != 0 }.map(\.1).joined(separator: " or ")
    }

    @inline(__always)
    private mutating func checkText(_ index: Int, _ row: Row, _ errors: inout FieldErrors) {
        let entry = self.view[index]
        let length = entry.byteCount &- 2
        if length < Int(row.pointee.bytesSurelyMin) || length > Int(row.pointee.bytesSurelyMax) {
            self.checkLength(index, row, &errors)
        }
        if row.pointee.characters >= 0 {
            if row.pointee.isDecimal {
                self.checkDecimal(index, row, &errors)
            } else if !self.hasOnlyAllowed(entry, row) {
                self.refuseCharacters(index, row, &errors)
            }
        }
        if row.pointee.choices >= 0, !self.isChoice(entry, row) { self.refuseChoice(index, row, &errors) }
    }

    /// A number that is written as a text, so that every digit is kept.
    @inline(never)
    private func checkDecimal(_ index: Int, _ row: Row, _ errors: inout FieldErrors) {
        let digits = self.view.decoded(self.view[index])
        guard DecimalText.isOne(digits) else {
            errors.mistake(self.view.pointer(to: index), .pattern, DecimalText.expectation)
            return
        }
        if !self.hasOnlyAllowed(self.view[index], row) { self.refuseCharacters(index, row, &errors) }
        self.checkRange(digits, index, row, &errors)
    }

    @inline(never)
    private func refuseCharacters(_ index: Int, _ row: Row, _ errors: inout FieldErrors) {
        errors.mistake(
            self.view.pointer(to: index), .pattern, self.plan.shapes.characterSentences[Int(row.pointee.characters)])
    }

    @inline(never)
    private func checkLength(_ index: Int, _ row: Row, _ errors: inout FieldErrors) {
        let (least, most) = (Int(row.pointee.lengthMin), Int(row.pointee.lengthMax))
        let count = self.view.scalarCount(self.view[index])
        if most >= 0, count > most {
            errors.mistake(
                self.view.pointer(to: index), .tooLong,
                "\(self.title) allows at most \(most) characters; these are \(count)")
        }
        if least > 0, count < least {
            errors.mistake(
                self.view.pointer(to: index), .tooShort,
                least == 1 ? "must not be empty" : "must have at least \(least) characters")
        }
    }

    @inline(never)
    private func refuseChoice(_ index: Int, _ row: Row, _ errors: inout FieldErrors) {
        let words = (0..<Int(row.pointee.choiceCount)).map {
            self.text(self.choices[Int(row.pointee.choices) + $0])
        }
        errors.mistake(self.view.pointer(to: index), .notAllowed, "expected one of \(words.joined(separator: ", "))")
    }

    private func isChoice(_ entry: JSONEntry, _ row: Row) -> Bool {
        var position = Int(row.pointee.choices)
        let end = position &+ Int(row.pointee.choiceCount)
        while position < end {
            if self.view.decodedContent(entry, equals: self.pool.view(self.choices[position])) { return true }
            position &+= 1
        }
        return false
    }

    @inline(__always)
    private func hasOnlyAllowed(_ entry: JSONEntry, _ row: Row) -> Bool {
        let allowed = self.characters + Int(row.pointee.characters) * 256
        var areAllowed: UInt8 = 1
        guard !entry.isEscaped else { return self.hasOnlyAllowedEscaped(entry, allowed) }
        var byte = self.view.bytes + (Int(entry.start) &+ 1)
        let end = self.view.bytes + (Int(entry.end) &- 1)
        while byte < end {
            areAllowed &= allowed[Int(byte.pointee)]
            byte += 1
        }
        return areAllowed != 0
    }

    @inline(never)
    private func hasOnlyAllowedEscaped(_ entry: JSONEntry, _ allowed: UnsafePointer<UInt8>) -> Bool {
        self.view.decoded(entry).allSatisfy { allowed[Int($0)] != 0 }
    }

    /// Checks what lies between two indexes, elements of one shape that is a text's; how many there are.
    ///
    /// Most are settled here, by what does not change from one to the next; all others by `check`.
    private mutating func checkTexts(_ first: Int, _ end: Int, _ shape: Int16, _ errors: inout FieldErrors) -> Int {
        let view = self.view
        let row = self.rows + Int(shape)
        let (least, most) = (Int(row.pointee.bytesSurelyMin), Int(row.pointee.bytesSurelyMax))
        let allowed = row.pointee.characters >= 0 ? self.characters + Int(row.pointee.characters) * 256 : nil
        var index = first
        var count = 0
        while index < end {
            let entry = view[index]
            let length = entry.byteCount &- 2
            var isSettled = entry.kind == .string && !entry.isEscaped && length >= least && length <= most
            if isSettled, let allowed {
                var areAllowed: UInt8 = 1
                var byte = view.bytes + (Int(entry.start) &+ 1)
                let end = byte + length
                while byte < end {
                    areAllowed &= allowed[Int(byte.pointee)]
                    byte += 1
                }
                isSettled = areAllowed != 0
            }
            if !isSettled { self.check(index, against: shape, &errors) }
            count &+= 1
            index = view.next(after: index)
        }
        return count
    }

    private mutating func checkArray(_ index: Int, _ row: Row, _ errors: inout FieldErrors) {
        let end = self.view.next(after: index)
        var child = index + 1
        var count = 0
        let items = row.pointee.items
        if items >= 0, self.rows[Int(items)].types == Shape.Types.string.rawValue, self.rows[Int(items)].choices < 0 {
            count = self.checkTexts(child, end, items, &errors)
            child = end
        }
        while child < end {
            if items >= 0 { self.check(child, against: items, &errors) }
            count &+= 1
            child = self.view.next(after: child)
        }
        self.checkCount(count, index, row, &errors, noun: "items")
    }

    /// Reports what a value lacks that is not laid over anything, inside an object that is.
    ///
    /// `base` is the value that the vendor has in its place, if any. Only the shape's own members and entries are
    /// looked at: what lies deeper is for the vendor to say.
    mutating func checkAdded(
        _ index: Int, over base: Int?, in baseView: JSONView, against shape: Int16, _ errors: inout FieldErrors
    ) {
        let row = self.rows + Int(shape)
        guard self.view.kind(of: index) == .object else { return }
        self.isPatch = false
        guard let base, baseView.kind(of: base) == .object else {
            self.check(index, against: shape, &errors)
            return
        }
        guard row.pointee.values >= 0 else { return }
        let names = MemberNames(baseView, of: base)
        let end = self.view.next(after: index)
        var name = index + 1
        while name < end {
            let found = names.find(nameOf: name, in: self.view)
            let isThere = found.map { baseView.kind(of: $0 + 1) == .object } ?? false
            if !isThere, self.view.kind(of: name + 1) == .object {
                self.check(name + 1, against: row.pointee.values, &errors)
            }
            name = self.view.next(after: name + 1)
        }
    }

    private func checkCount(_ count: Int, _ index: Int, _ row: Row, _ errors: inout FieldErrors, noun: String) {
        if row.pointee.itemsMax >= 0, count > Int(row.pointee.itemsMax) {
            errors.mistake(
                self.view.pointer(to: index), .tooMany,
                "\(self.title) allows at most \(row.pointee.itemsMax) \(noun); these are \(count)")
        }
        if row.pointee.itemsMin >= 0, count < Int(row.pointee.itemsMin) {
            errors.mistake(
                self.view.pointer(to: index), .tooFew, "\(self.title) needs at least \(row.pointee.itemsMin) \(noun)")
        }
    }

    private func checkNumber(_ index: Int, _ row: Row, _ errors: inout FieldErrors) {
        self.checkRange(self.view.raw(self.view[index]), index, row, &errors)
    }

    private func checkRange(_ digits: some Collection<UInt8>, _ index: Int, _ row: Row, _ errors: inout FieldErrors) {
        guard row.pointee.minimum >= 0 || row.pointee.maximum >= 0 else { return }
        // Only for comparing; what is sent is the text. A number beyond Double's range becomes infinite, which
        // compares rightly.
        guard let value = Double(String(decoding: digits, as: UTF8.self)) else { return }
        let (least, most) = (row.pointee.minimum, row.pointee.maximum)
        if most >= 0, value > Double(most) {
            errors.mistake(self.view.pointer(to: index), .tooLarge, "\(self.title) allows at most \(most)")
        }
        if least >= 0, value < Double(least) {
            errors.mistake(self.view.pointer(to: index), .tooSmall, "\(self.title) needs at least \(least)")
        }
    }

    private mutating func checkObject(_ index: Int, _ row: Row, _ errors: inout FieldErrors) {
        let end = self.view.next(after: index)
        let isFree =
            row.pointee.memberCount == 0 && row.pointee.values < 0
            && row.pointee.openness == Shape.Openness.open.rawValue
        let nullClears = row.pointee.nullClears
        var seen: UInt64 = 0
        var child = index &+ 1
        var count = 0
        while child < end {
            let value = child &+ 1
            if nullClears, self.view.kind(of: value) == .null {
                self.checkNull(child, row, &seen, &errors)
            } else if !isFree {
                self.checkMember(child, row, &seen, &errors)
            }
            count &+= 1
            child = self.view.next(after: value)
        }
        if row.pointee.requiredMembers & ~seen != 0, !self.isPatch { self.refuseMissing(index, row, seen, &errors) }
        self.checkCount(count, index, row, &errors, noun: "members")
    }

    @inline(never)
    private func refuseMissing(_ index: Int, _ row: Row, _ seen: UInt64, _ errors: inout FieldErrors) {
        var position = 0
        while position < Int(row.pointee.memberCount) {
            let member = self.members + (Int(row.pointee.members) &+ position)
            if member.pointee.isRequired, seen & (1 &<< UInt64(position & 63)) == 0 {
                let name = self.text(member.pointee.name)
                errors.mistake(
                    self.view.pointer(to: index) + "/" + JSONPointer.escape(name), .required, "\(name) must be given")
            }
            position &+= 1
        }
    }

    @inline(__always)
    private mutating func checkMember(_ name: Int, _ row: Row, _ seen: inout UInt64, _ errors: inout FieldErrors) {
        var shape = row.pointee.values
        let position = self.position(of: name, row)
        if position >= 0 {
            seen |= 1 &<< UInt64(truncatingIfNeeded: position & 63)
            shape = (self.members + (Int(row.pointee.members) &+ position)).pointee.shape
        } else if row.pointee.openness != Shape.Openness.open.rawValue {
            self.refuseName(name, row, &errors)
            return
        }
        if shape >= 0 { self.check(name &+ 1, against: shape, &errors) }
    }

    /// A member that a closed object does not have.
    @inline(never)
    private func refuseName(_ name: Int, _ row: Row, _ errors: inout FieldErrors) {
        let value = name + 1
        let known = (0..<Int(row.pointee.memberCount)).map {
            self.text(self.members[Int(row.pointee.members) + $0].name)
        }
        if row.pointee.openness == Shape.Openness.closedByCanonical.rawValue {
            let written = self.view.string(self.view[name])
            let hint = Suggestion.closest(to: written, among: known).map { "; did you mean \($0)?" } ?? ""
            errors.mistake(
                self.view.pointer(to: value), .unknownMember,
                "expected one of \(known.joined(separator: ", "))\(hint)")
        } else {
            let isDropped = errors.unsupported(
                self.view.pointer(to: value), .unsupportedField,
                "\(self.title) takes only \(known.joined(separator: ", ")) here")
            if isDropped { errors.drop(value) }
        }
    }

    /// A `null` inside a map: removes the member from the vendor's product, if the vendor can.
    @inline(never)
    private func checkNull(_ name: Int, _ row: Row, _ seen: inout UInt64, _ errors: inout FieldErrors) {
        let value = name + 1
        let position = self.position(of: name, row)
        if position >= 0, (self.members + (Int(row.pointee.members) &+ position)).pointee.isRequired {
            seen |= 1 &<< UInt64(truncatingIfNeeded: position & 63)
            errors.mistake(self.view.pointer(to: value), .required, "must be given; it cannot be null")
            return
        }
        // Nothing exists yet that could be cleared: RFC 7396 applied to nothing leaves the member out.
        if self.plan.kind == .create {
            errors.drop(value)
        } else if !self.clearsMembers {
            let isDropped = errors.unsupported(
                self.view.pointer(to: value), .cannotClear,
                "\(self.title) has no known way to remove a single member; leave it out")
            if isDropped { errors.drop(value) }
        }
    }

    /// Which of a shape's members has the name at an index, or -1.
    @inline(__always)
    private func position(of name: Int, _ row: Row) -> Int {
        let hash = self.view.hash(ofName: name)
        let count = Int(row.pointee.memberCount)
        var member = self.members + max(0, Int(row.pointee.members))
        var position = 0
        while position < count {
            if member.pointee.hash == hash, self.view.isContent(of: name, self.pool.view(member.pointee.name)) {
                return position
            }
            member += 1
            position &+= 1
        }
        return -1
    }

    private func text(_ bytes: PooledBytes) -> String {
        String(decoding: self.pool.view(bytes), as: UTF8.self)
    }
}
