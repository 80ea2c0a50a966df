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
    /// What stands in each group, by the vendor's name.
    private var groupMembers: [[(name: String, value: Int)]] = [[]]
    private var groupPaths: [[String]] = [[]]

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
    }

    private mutating func compile(_ field: Dialect.Field) {
        let index = field.canonical
        guard field.operations.contains(self.operation.kind) else {
            self.reasons[index] = self.reasonForOtherOperation(field)
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
        row.mergesMap = losesRest
        row.isPatch = losesRest || self.mergesItself
        row.removesByMerging = self.mergesItself
        row.omitsEmpty = field.omitsEmpty && !self.mergesItself
        row.clearsMembers = field.clearsMembers || row.isPatch
        row.hasEntryNames = !field.entryNames.isEmpty
        row.group = self.group(Array(field.vendor.dropLast()))
        row.name = self.quotedName(field.vendor[field.vendor.count - 1])
        self.groupMembers[Int(row.group)].append((field.vendor[field.vendor.count - 1], index))
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
        self.rows[index] = row
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

    private mutating func group(_ path: [String]) -> Int16 {
        if let index = self.groupPaths.firstIndex(of: path) { return Int16(index) }
        let parent = self.group(Array(path.dropLast()))
        let name = self.quotedName(path[path.count - 1])
        self.groupMembers[Int(parent)].append((path[path.count - 1], OperationPlan.firstGroup + self.groups.count))
        self.groups.append(GroupRow(parent: parent, name: name))
        self.groupMembers.append([])
        self.groupPaths.append(path)
        return Int16(self.groups.count - 1)
    }
}
