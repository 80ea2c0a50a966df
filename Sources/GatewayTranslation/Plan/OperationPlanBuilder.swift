import GatewayJSON

/// Compiles the fields of one operation into rows.
struct OperationPlanBuilder {
    let operation: Dialect.Operation
    let dialect: Dialect
    let options: ResolvedOptions
    var rows: [FieldRow]
    var groups: [GroupRow] = [GroupRow(parent: -1, name: PooledBytes())]
    var values: [ValueRow] = []
    var shapes = ShapeTableBuilder()
    var pool = BytePoolBuilder()
    var requiredMask: UInt64 = 0
    var defaultMask: UInt64 = 0
    var reasons: [String]
    var entryNames: [Int: [(canonical: String, vendor: String)]] = [:]
    var forms: [FieldForm] = []
    var localized: [LocalizedRow] = []
    /// Fields that are given only with another one.
    private(set) var companions: [(field: Int, needed: Int)] = []
    /// What stands in each group, by the vendor's name.
    private(set) var groupMembers: [[(name: String, value: Int)]] = [[]]
    private(set) var groupPaths: [[String]] = [[]]

    init(operation: Dialect.Operation, dialect: Dialect, options: ResolvedOptions) {
        self.operation = operation
        self.dialect = dialect
        self.options = options
        self.rows = [FieldRow](repeating: FieldRow(), count: CanonicalProduct.fields.count)
        self.reasons = [String](
            repeating: "\(dialect.title) has no such field.", count: CanonicalProduct.fields.count)
    }

    /// Whether nulls are kept for the merge that follows, rather than sent.
    private var mergesItself: Bool {
        self.operation.kind == .update && self.options.updateSemantics == .replace
    }

    var groupNames: [NameTable] { self.groupMembers.map { NameTable($0) } }

    mutating func compile() {
        for field in self.dialect.fields { self.compile(field) }
        // A text whose translations the vendor takes as a whole is one of them.
        for index in self.rows.indices where self.rows[index].group > 0 {
            if self.groups[Int(self.rows[index].group)].keepsRest { self.rows[index].readsFirst = true }
        }
        // Of an object that is sent as a whole, null is what is not sent.
        for field in self.dialect.fields where field.clear == Array("null".utf8) {
            let row = self.rows[field.canonical]
            if row.group > 0, row.readsFirst, !self.groups[Int(row.group)].isList {
                self.rows[field.canonical].removesByMerging = true
            }
        }
    }

    private mutating func compile(_ field: Dialect.Field) {
        let index = field.canonical
        guard field.operations.contains(self.operation.kind) else {
            self.reasons[index] = self.reasonForOtherOperation(field)
            return
        }
        if let parameter = field.ownParameters.first(where: { self.options.parameters[$0] == nil }) {
            self.reasons[index] = "Not known for this target: its parameter \"\(parameter)\" says which it is."
            return
        }
        if let reason = field.offReason, !self.options.enabled.contains(index) {
            self.rows[index].state = .off
            self.reasons[index] = "Switched off for this target. \(reason)"
            return
        }
        let losesRest = self.operation.kind == .update && !self.mergesItself && field.mapSemantics == .replace
        if losesRest, self.dialect.read == nil {
            self.reasons[index] =
                "\(self.dialect.title) replaces this map as a whole, and cannot be read first: members that are not "
                + "sent would be lost."
            return
        }
        var row = FieldRow(state: .sent)
        row.mergesMap = losesRest && field.localized.isEmpty
        row.readsFirst = losesRest
        row.isPatch = losesRest || self.mergesItself
        row.removesByMerging = self.mergesItself
        row.omitsEmpty = field.omitsEmpty && !self.mergesItself
        row.clearsMembers = field.clearsMembers || row.isPatch
        row.hasEntryNames = !field.entryNames.isEmpty
        self.place(field, in: &row)
        self.addForm(of: field, to: &row)
        let canRead = self.operation.kind == .update && !self.mergesItself && self.dialect.read != nil
        if field.keepsRest, canRead, row.group > 0 { self.groups[Int(row.group)].keepsRest = true }
        self.addLocalized(field, keepsRest: losesRest)
        let shape = CanonicalProduct.fields[index].shape
        row.shape = self.shapes.add(field.overlay.map { shape.tightened(by: $0) } ?? shape)
        if self.mergesItself || (field.clear == nil && self.options.clearable.contains(index)) {
            row.clear = self.pool.add("null".utf8)
        } else if let clear = field.clear {
            row.clear = self.pool.add(clear)
        }
        if let parameter = field.defaultParameter, self.options.parameters[parameter] != nil {
            row.defaultValue = self.pool.add(self.options.quotedParameter(parameter))
            self.defaultMask |= 1 << UInt64(index)
        }
        row.values = Int16(self.values.count)
        row.valueCount = Int16(field.values.count)
        for pair in field.values {
            let canonical = self.pool.add(pair.canonical.utf8)
            self.values.append(ValueRow(canonical: canonical, vendor: self.pool.add(pair.vendor)))
        }
        if field.requiredOperations.contains(self.operation.kind) { self.requiredMask |= 1 << UInt64(index) }
        if row.hasEntryNames { self.entryNames[index] = field.entryNames }
        self.companions += field.needed.map { (index, $0) }
        self.rows[index] = row
    }

    /// Where in the vendor's object the field is written.
    private mutating func place(_ field: Dialect.Field, in row: inout FieldRow) {
        let vendor = field.vendor.map { self.options.token($0) }
        guard let name = vendor.last else {
            // Not a part of the body: fixed, told by a request that follows, or written as translations are.
            row.group = -1
            return
        }
        if field.isInList {
            row.group = self.group(vendor, isList: true)
            return
        }
        row.group = self.group(Array(vendor.dropLast()))
        row.name = self.quotedName(name)
        self.groupMembers[Int(row.group)].append((name, field.canonical))
    }

    private mutating func addForm(of field: Dialect.Field, to row: inout FieldRow) {
        let form = FieldForm(
            scalar: field.form, entry: field.entry.map { ValuePlan($0, self.options) },
            entries: field.entries.map { ValuePlan($0, self.options) },
            isMap: CanonicalProduct.fields[field.canonical].shape.isMap,
            fixed: field.fixed.flatMap { self.options.text(of: $0) }.map { Array($0.utf8) },
            keys: KeyPlan(field, of: self.operation, in: self.dialect, self.options),
            translations: self.translations(field), fixedCurrency: self.fixedCurrency)
        row.isFormed = form.scalar != nil || form.entry != nil || form.entries != nil || form.fixed != nil
        guard row.isFormed || form.keys != nil || form.translations != nil else { return }
        row.form = Int16(self.forms.count)
        self.forms.append(form)
    }

    private func translations(_ field: Dialect.Field) -> TranslationPlaces? {
        guard CanonicalProduct.fields[field.canonical].pointer == "/translations" else { return nil }
        if !field.localized.isEmpty { return .localized(Set(field.localized.map(\.member))) }
        return field.vendor.isEmpty ? .requests(names: field.entryNames) : nil
    }

    private var fixedCurrency: String? {
        let currency = self.dialect.fields.first { CanonicalProduct.fields[$0.canonical].pointer == "/price/currency" }
        return currency?.fixed.flatMap { self.options.text(of: $0) }
    }

    private mutating func addLocalized(_ field: Dialect.Field, keepsRest: Bool) {
        for place in field.localized {
            let group = self.group(place.container.map { self.options.token($0) }, isList: place.element != nil)
            if keepsRest { self.groups[Int(group)].keepsRest = true }
            self.localized.append(
                LocalizedRow(
                    group: group, member: place.member,
                    element: place.element.map { ValuePlan($0, self.options) }))
        }
    }

    private func reasonForOtherOperation(_ field: Dialect.Field) -> String {
        let title = self.dialect.title
        guard let other = field.operations.first else { return "\(title) only answers this field; it cannot be set." }
        return other == .create
            ? "\(title) takes this field only when a product is created."
            : "\(title) takes this field only when a product is updated."
    }

    private mutating func quotedName(_ name: String) -> PooledBytes {
        var bytes = [UInt8(ascii: ",")]
        bytes.append(quoting: name)
        bytes.append(UInt8(ascii: ":"))
        return self.pool.add(bytes)
    }

    private mutating func group(_ path: [String], isList: Bool = false) -> Int16 {
        if let index = self.groupPaths.firstIndex(of: path) {
            if isList { self.groups[index].isList = true }
            return Int16(index)
        }
        let parent = self.group(Array(path.dropLast()))
        let name = self.quotedName(path[path.count - 1])
        self.groupMembers[Int(parent)].append((path[path.count - 1], OperationPlan.firstGroup + self.groups.count))
        self.groups.append(GroupRow(parent: parent, name: name, isList: isList))
        self.groupMembers.append([])
        self.groupPaths.append(path)
        return Int16(self.groups.count - 1)
    }
}
