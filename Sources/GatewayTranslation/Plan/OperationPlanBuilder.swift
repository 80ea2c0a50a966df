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
    private(set) var elements: [ElementRule] = []
    private(set) var constants: [ConstantRow] = []
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

    /// The same of one field: what a request that follows carries is laid over nothing.
    private func isMerged(_ field: Dialect.Field) -> Bool {
        self.mergesItself && self.operation.carrier(of: field.canonical) == nil
    }

    /// The path of the group of all fields that a request carries which follows; no member has such a name.
    static func root(ofRequest position: Int) -> String { "\u{0}\(position)" }

    var groupNames: [NameTable] { self.groupMembers.map { NameTable($0) } }

    mutating func compile() {
        for field in self.dialect.fields { self.compile(field) }
        self.addElements()
        // A text whose translations the vendor takes as a whole is one of them.
        for index in self.rows.indices where self.rows[index].group > 0 {
            if self.groups[Int(self.rows[index].group)].keepsRest { self.rows[index].readsFirst = true }
        }
        // Of an object that is sent as a whole, null is what is not sent.
        for field in self.dialect.fields where field.clear == Array("null".utf8) {
            let row = self.rows[field.canonical]
            let group = self.groups[Int(max(0, row.group))]
            if row.group > 0, row.readsFirst, !group.isList, !group.isInElement {
                self.rows[field.canonical].removesByMerging = true
            }
        }
    }

    private mutating func compile(_ field: Dialect.Field) {
        let index = field.canonical
        let isMerged = self.isMerged(field)
        if let reason = self.reason(against: field) {
            self.reasons[index] = reason
            return
        }
        if let reason = field.offReason, !self.options.enabled.contains(index) {
            self.rows[index].state = .off
            self.reasons[index] = "Switched off for this target. \(reason)"
            return
        }
        if let reason = self.loss(by: field) {
            self.reasons[index] = reason
            return
        }
        let losesRest = self.losesRestOfMap(field)
        let changesList = self.losesRestOfList(field)
        var row = FieldRow(state: .sent)
        row.mergesMap = losesRest && field.localized.isEmpty
        row.readsFirst = losesRest || changesList
        row.isPatch = losesRest || isMerged
        row.removesByMerging = isMerged
        row.omitsEmpty = field.omitsEmpty && !isMerged
        row.clearsMembers = field.clearsMembers || row.isPatch
        row.hasEntryNames = !field.entryNames.isEmpty
        self.place(field, in: &row)
        self.addForm(of: field, to: &row)
        let canRead = self.operation.kind == .update && !isMerged && self.dialect.read != nil
        if field.keepsRest, canRead, row.group > 0 { self.groups[Int(row.group)].keepsRest = true }
        self.addLocalized(field, keepsRest: losesRest)
        let shape = CanonicalProduct.fields[index].shape
        row.shape = self.shapes.add(field.overlay.map { shape.tightened(by: $0) } ?? shape)
        if isMerged || (field.clear == nil && self.options.clearable.contains(index)) {
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

    /// Why the field cannot be sent; nil where it can.
    private func reason(against field: Dialect.Field) -> String? {
        guard field.operations.contains(self.operation.kind) else { return self.reasonForOtherOperation(field) }
        if let parameter = field.ownParameters.first(where: { self.options.parameters[$0] == nil }) {
            return "Not known for this target: its parameter \"\(parameter)\" says which it is."
        }
        return nil
    }

    /// What would be lost at the vendor's, were the field sent; nil where nothing is.
    private func loss(by field: Dialect.Field) -> String? {
        guard self.dialect.read == nil else { return nil }
        let title = self.dialect.title
        if self.losesRestOfMap(field) {
            return
                "\(title) replaces this map as a whole, and cannot be read first: members that are not sent would be "
                + "lost."
        }
        return self.losesRestOfList(field)
            ? "\(title) replaces this list as a whole, and cannot be read first: elements that are not sent would be "
                + "lost." : nil
    }

    /// Whether what a map does not name would be lost, where nothing is laid below it.
    private func losesRestOfMap(_ field: Dialect.Field) -> Bool {
        self.operation.kind == .update && !self.isMerged(field) && field.mapSemantics == .replace
    }

    /// The same of elements of a list of which the field is one, or some.
    private func losesRestOfList(_ field: Dialect.Field) -> Bool {
        let isInElement = field.vendor.dropFirst().contains(Dialect.elementStep) || field.identity != nil
        return self.operation.kind == .update && !self.isMerged(field) && isInElement
    }

    /// Where in the vendor's object the field is written.
    private mutating func place(_ field: Dialect.Field, in row: inout FieldRow) {
        var vendor = field.vendor.map { self.options.token($0) }
        if !vendor.isEmpty, let carrier = self.operation.carrier(of: field.canonical) {
            vendor.insert(Self.root(ofRequest: carrier), at: 0)
        }
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
            clearEntry: field.clearEntry.map { ValuePlan($0, self.options) },
            entries: field.entries.map { ValuePlan($0, self.options) }, identity: field.identity,
            kept: self.dialect.lists.first { $0.list == field.vendor }?.kept,
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

    /// What is said of lists of which one element has fields.
    private mutating func addElements() {
        for group in self.groups.indices where self.groups[group].element > 0 {
            let path = self.groupPaths[group]
            let rule = self.dialect.lists.first { $0.list.map { self.options.token($0) } == path }
            self.elements.append(
                ElementRule(
                    group: Int16(group), like: rule?.like.map { ValuePlan(telling: $0, self.options) },
                    kept: rule?.kept))
            for constant in rule?.constants ?? [] {
                self.add(constant.value, at: path + [Dialect.elementStep] + constant.path)
            }
        }
    }

    private mutating func add(_ constant: ValueTemplate, at path: [String]) {
        guard case .constant(let json) = ValuePlan(telling: constant, self.options), json != Array("null".utf8),
            let name = path.last
        else { return }
        let group = self.group(Array(path.dropLast()))
        var above = group
        while above > 0, !self.groups[Int(above)].hasConstants {
            self.groups[Int(above)].hasConstants = true
            // Up to the element: whether there is one is not said by its constants.
            if self.groups[Int(self.groups[Int(above)].parent)].element == above { break }
            above = self.groups[Int(above)].parent
        }
        self.constants.append(ConstantRow(group: group, name: self.quotedName(name), json: json))
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
        if path.count == 1, path[0].utf8.first == 0 {
            self.groups.append(GroupRow(parent: -1, name: PooledBytes()))
            self.groupMembers.append([])
            self.groupPaths.append(path)
            return Int16(self.groups.count - 1)
        }
        let parent = self.group(Array(path.dropLast()))
        let isElement = path.count > 1 && path[path.count - 1] == Dialect.elementStep
        let name = self.quotedName(path[path.count - 1])
        self.groupMembers[Int(parent)].append((path[path.count - 1], OperationPlan.firstGroup + self.groups.count))
        var group = GroupRow(parent: parent, name: name, isList: isList)
        if isElement {
            self.groups[Int(parent)].isList = true
            self.groups[Int(parent)].element = Int16(self.groups.count)
            // What is sent takes the place of the list.
            let readsFirst = self.operation.kind == .update && !self.mergesItself
            self.groups[Int(parent)].keepsRest = readsFirst
            group.keepsRest = readsFirst
        } else if self.groups[Int(parent)].isInElement {
            group.keepsRest = self.groups[Int(parent)].keepsRest
        }
        group.isInElement = isElement || self.groups[Int(parent)].isInElement
        self.groups.append(group)
        self.groupMembers.append([])
        self.groupPaths.append(path)
        return Int16(self.groups.count - 1)
    }
}
