import GatewayJSON

/// How to read one canonical field from an answer.
struct AnswerRow: BitwiseCopyable {
    /// JSON types that the value may have, besides `null`.
    var types: UInt8
    var emptyListIsMap: Bool
    var hasEntryNames: Bool
    /// Whether its entries or items are of some type only.
    var hasTypedEntries: Bool
    /// Index into `CanonicalNames.containers`, or -1 at the top.
    var container: Int16
    /// The canonical name (the last token), quoted, with its colon, behind a comma.
    var name: PooledBytes
    var values: Int16
    var valueCount: Int16
}

/// The answer mapping of one dialect, compiled: the same table as the request mapping, read backwards. Immutable.
final class AnswerPlan: Sendable {
    /// From here on, a value of a node's table is another node.
    static let firstNode = 100

    /// One table for each object that fields are read from; 0 is the object of the fields itself.
    let nodes: [NameTable]
    let rows: FrozenBuffer<AnswerRow>
    let values: FrozenBuffer<ValueRow>
    let pool: FrozenBuffer<UInt8>
    /// One pointer: to the object of the fields.
    let fields: CompiledPointers
    /// One pointer, or none where an answer has no id.
    let id: CompiledPointers
    let idMatchesPath: Bool
    /// Without the two above.
    let required: CompiledPointers
    /// Where a success tells of a failure.
    let failures: CompiledPointers
    let requiresFields: Bool
    let requiresID: Bool
    /// The quoted names of `CanonicalNames.containers`, with colon and brace.
    let containerNames: [PooledBytes]
    let entryNames: [Int: [(canonical: String, vendor: String)]]
    /// By canonical index.
    let entries: [AnswerEntries?]

    init(dialect: Dialect) {
        var pool = BytePoolBuilder()
        var values: [ValueRow] = []
        var rows = CanonicalProduct.fields.map { Self.row($0, &pool) }
        var entryNames: [Int: [(canonical: String, vendor: String)]] = [:]
        var entries = [AnswerEntries?](repeating: nil, count: rows.count)
        let containerNames = CanonicalNames.containers.map { pool.add("\"\($0.name)\":{".utf8) }
        let answered = dialect.fields.filter(\.isAnswered)
        for field in answered {
            rows[field.canonical].emptyListIsMap = field.emptyListIsMap
            rows[field.canonical].hasEntryNames = !field.entryNames.isEmpty
            if !field.entryNames.isEmpty { entryNames[field.canonical] = field.entryNames }
            entries[field.canonical] = AnswerEntries(
                of: CanonicalProduct.fields[field.canonical].shape, entryNames: field.entryNames)
            rows[field.canonical].hasTypedEntries = entries[field.canonical] != nil
            rows[field.canonical].values = Int16(values.count)
            rows[field.canonical].valueCount = Int16(field.values.count)
            for pair in field.values {
                let canonical = pool.add("\"\(pair.canonical)\"".utf8)
                values.append(ValueRow(canonical: canonical, vendor: pool.add(pair.vendor)))
            }
        }
        self.nodes = Self.nodes(answered)
        self.rows = FrozenBuffer(rows)
        self.values = FrozenBuffer(values)
        self.pool = FrozenBuffer(pool.bytes)
        self.fields = CompiledPointers([dialect.answer.fields])
        self.id = CompiledPointers(dialect.answer.id.map { [$0] } ?? [])
        self.idMatchesPath = dialect.answer.idMatchesPath
        self.required = CompiledPointers(
            dialect.answer.required.filter { $0 != dialect.answer.fields && $0 != dialect.answer.id })
        self.failures = CompiledPointers(dialect.answer.failures)
        self.requiresFields = dialect.answer.required.contains(dialect.answer.fields)
        self.requiresID = dialect.answer.id.map { dialect.answer.required.contains($0) } ?? false
        self.containerNames = containerNames
        self.entryNames = entryNames
        self.entries = entries
    }

    private static func row(_ field: CanonicalField, _ pool: inout BytePoolBuilder) -> AnswerRow {
        let tokens = field.tokens
        var name = [UInt8(ascii: ",")]
        name.append(quoting: tokens[tokens.count - 1])
        name.append(UInt8(ascii: ":"))
        let container = CanonicalNames.containers.firstIndex { tokens.count == 2 && $0.name == tokens[0] }
        return AnswerRow(
            types: field.shape.types.rawValue, emptyListIsMap: false, hasEntryNames: false, hasTypedEntries: false,
            container: Int16(container ?? -1), name: pool.add(name), values: 0, valueCount: 0)
    }

    /// Turns the vendor's pointers into one table for each object on the way.
    private static func nodes(_ fields: [Dialect.Field]) -> [NameTable] {
        var paths: [[String]] = [[]]
        var names: [[(name: String, value: Int)]] = [[]]
        for field in fields {
            var node = 0
            for depth in 1..<field.vendor.count {
                let path = Array(field.vendor.prefix(depth))
                if let known = paths.firstIndex(of: path) {
                    node = known
                } else {
                    paths.append(path)
                    names.append([])
                    names[node].append((path[depth - 1], self.firstNode + paths.count - 1))
                    node = paths.count - 1
                }
            }
            names[node].append((field.vendor[field.vendor.count - 1], field.canonical))
        }
        return names.map { NameTable($0) }
    }
}
