import GatewayDocuments
import GatewayJSON

/// The first half of a translation: walks the body once, checks it, and picks what will be sent.
struct TranslationRun {
    let view: JSONView
    let plan: TargetPlan
    let operation: OperationPlan
    /// The rows of `operation`.
    private let rows: UnsafePointer<FieldRow>
    /// Room for one pick for each canonical field; lent by the translator.
    let picks: UnsafeMutablePointer<Pick>
    var pickCount = 0
    var errors: FieldErrors
    /// One bit for each canonical field that the body has a usable or a faulty value for.
    var seenMask: UInt64 = 0
    /// Fields that the caller gave, without defaults.
    var givenCount = 0
    /// The object of `vendorFields` for this dialect, where it is not empty.
    var vendorFields: Int?
    /// The id for this target in `ids`.
    var bodyID: Int?
    /// Whether what the vendor has must be read before this can be written.
    private(set) var readsFirst: Bool

    init(
        view: JSONView, plan: TargetPlan, operation: OperationPlan, picks: UnsafeMutablePointer<Pick>,
        handling: Handling
    ) {
        self.view = view
        self.plan = plan
        self.operation = operation
        self.rows = operation.rows.base
        self.picks = picks
        self.errors = FieldErrors(handling: handling)
        self.readsFirst = plan.readsFirst(operation.kind)
    }

    mutating func walk() {
        let view = self.view
        let end = view.count
        let names = CanonicalNames.topLevel.view
        // Not a part of the run, which the checker would have to be copied out of for every value.
        var checker = ShapeChecker(view: self.view, plan: self.operation)
        var index = 1
        while index < end {
            let value = index &+ 1
            let place = names.value(of: index, in: view)
            if place >= 0, place <= CanonicalNames.leafMax {
                self.leaf(place, value, &checker)
            } else {
                self.other(place, name: index, &checker)
            }
            index = view.next(after: value)
        }
        self.fillIn()
    }

    @inline(__always)
    private mutating func leaf(_ field: Int, _ value: Int, _ checker: inout ShapeChecker) {
        let row = self.rows + field
        guard row.pointee.state == .sent else {
            self.errors.unsupported(
                self.view.pointer(to: value), .unsupportedField, self.operation.reasons[field])
            return
        }
        if self.view.kind(of: value) == .null {
            self.null(field, row.pointee, value)
            return
        }
        self.seenMask |= 1 &<< UInt64(field)
        checker.clearsMembers = row.pointee.clearsMembers
        checker.isPatch = row.pointee.isPatch
        guard checker.check(value, against: row.pointee.shape, &self.errors) else { return }
        if row.pointee.form >= 0 {
            if self.isEmptySingle(row.pointee, value) {
                // As if `null` stood there, which is no value: a create still misses a field that it needs.
                self.seenMask &= ~(1 &<< UInt64(field))
                self.null(field, row.pointee, value)
                return
            }
            guard self.takesForm(row.pointee, value, &checker) else { return }
        }
        if row.pointee.valueCount > 0 {
            self.mappedValue(field, row.pointee, value)
        } else if !(row.pointee.omitsEmpty && self.view.next(after: value) == value + 1) {
            self.pick(field, Int32(truncatingIfNeeded: value))
            if row.pointee.readsFirst { self.readsFirst = true }
        }
    }

    private mutating func pick(_ field: Int, _ value: Int32) {
        self.givenCount &+= 1
        self.append(Pick(field: Int32(truncatingIfNeeded: field), value: value))
    }

    /// A field inside a container such as `billing`.
    @inline(never)
    mutating func nestedLeaf(_ field: Int, _ value: Int, _ checker: inout ShapeChecker) {
        self.leaf(field, value, &checker)
    }

    mutating func appendDefault(_ field: Int) {
        self.append(Pick(field: Int32(truncatingIfNeeded: field), value: Pick.defaultMark))
    }

    private mutating func append(_ pick: Pick) {
        // Each field occurs once: the parser refuses duplicate names.
        guard self.pickCount < Pick.countMax else { return }
        self.picks[self.pickCount] = pick
        self.pickCount &+= 1
    }

    @inline(never)
    private mutating func null(_ field: Int, _ row: FieldRow, _ value: Int) {
        // Nothing exists yet that could be cleared: RFC 7396 applied to nothing leaves the member out.
        if self.operation.kind == .create { return }
        if row.clear.isEmpty {
            self.errors.unsupported(
                self.view.pointer(to: value), .cannotClear,
                "\(self.plan.dialect.title) has no known way to clear this field")
        } else {
            self.seenMask |= 1 << UInt64(field)
            self.pick(field, Pick.clearMark)
        }
    }

    private mutating func mappedValue(_ field: Int, _ row: FieldRow, _ value: Int) {
        let entry = self.view[value]
        for position in Int(row.values)..<Int(row.values + row.valueCount) {
            let pair = self.operation.values[position]
            guard self.view.decodedContent(entry, equals: self.operation.pool.view(pair.canonical)) else { continue }
            self.pick(field, Pick.firstValueMark - Int32(position))
            return
        }
        // The checker has already reported a word that is not canonical; this one is, but not here.
        let words = CanonicalProduct.fields[field].shape.choices ?? []
        guard words.contains(self.view.string(entry)) else { return }
        let known = (0..<Int(row.valueCount)).map {
            String(
                decoding: self.operation.pool.view(self.operation.values[Int(row.values) + $0].canonical),
                as: UTF8.self)
        }
        self.errors.unsupported(
            self.view.pointer(to: value), .notAllowed,
            "\(self.plan.dialect.title) knows only \(known.joined(separator: " and ")) here")
    }
}
