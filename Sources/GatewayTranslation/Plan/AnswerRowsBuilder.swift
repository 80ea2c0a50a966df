import GatewayJSON

/// Compiles how each field is read from an answer.
struct AnswerRowsBuilder {
    private let options: ResolvedOptions
    private(set) var pool = BytePoolBuilder()
    private(set) var rows: [AnswerRow] = []
    private(set) var values: [ValueRow] = []
    private(set) var entryNames: [Int: [(canonical: String, vendor: String)]] = [:]
    private(set) var entries: [AnswerEntries?]
    private(set) var containerNames: [PooledBytes] = []
    private(set) var forms: [FieldForm] = []
    private(set) var fixed: [(field: Int, json: [UInt8])] = []

    init(options: ResolvedOptions) {
        self.options = options
        self.entries = [AnswerEntries?](repeating: nil, count: CanonicalProduct.fields.count)
        for field in CanonicalProduct.fields { self.rows.append(Self.row(field, &self.pool)) }
        for container in CanonicalNames.containers {
            self.containerNames.append(self.pool.add("\"\(container.name)\":{".utf8))
        }
    }

    mutating func add(_ field: Dialect.Field) {
        let index = field.canonical
        self.rows[index].emptyListIsMap = field.emptyListIsMap
        self.rows[index].hasEntryNames = !field.entryNames.isEmpty
        if !field.entryNames.isEmpty { self.entryNames[index] = field.entryNames }
        self.entries[index] = AnswerEntries(
            of: CanonicalProduct.fields[index].shape, entryNames: field.entryNames)
        self.rows[index].hasTypedEntries = self.entries[index] != nil
        self.addForm(of: field)
        self.rows[index].values = Int16(self.values.count)
        let pairs = field.answerValues ?? field.values
        self.rows[index].valueCount = Int16(pairs.count)
        for pair in pairs {
            let canonical = self.pool.add("\"\(pair.canonical)\"".utf8)
            self.values.append(ValueRow(canonical: canonical, vendor: self.pool.add(pair.vendor)))
        }
    }

    private mutating func addForm(of field: Dialect.Field) {
        if let text = field.fixed.flatMap({ self.options.text(of: $0) }) {
            var json: [UInt8] = []
            json.append(quoting: text)
            self.fixed.append((field.canonical, json))
        }
        guard field.form != nil || field.entries != nil else { return }
        let form = FieldForm(
            scalar: field.form, entry: field.entry.map { ValuePlan($0, self.options) },
            entries: field.entries.map { ValuePlan($0, self.options) },
            isMap: CanonicalProduct.fields[field.canonical].shape.isMap)
        self.rows[field.canonical].form = Int16(self.forms.count)
        self.rows[field.canonical].isFormed = true
        self.rows[field.canonical].hasTypedEntries = false
        self.forms.append(form)
    }

    private static func row(_ field: CanonicalField, _ pool: inout BytePoolBuilder) -> AnswerRow {
        let tokens = field.tokens
        var name = [UInt8(ascii: ",")]
        name.append(quoting: tokens[tokens.count - 1])
        name.append(UInt8(ascii: ":"))
        let container = CanonicalNames.containers.firstIndex { tokens.count == 2 && $0.name == tokens[0] }
        return AnswerRow(
            types: field.shape.types.rawValue, emptyListIsMap: false, hasEntryNames: false, hasTypedEntries: false,
            isFormed: false, container: Int16(container ?? -1), name: pool.add(name), values: 0, valueCount: 0)
    }
}
