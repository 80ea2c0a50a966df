import GatewayJSON

/// How to read one canonical field from an answer.
struct AnswerRow: BitwiseCopyable {
    /// JSON types that the value may have, besides `null`.
    var types: UInt8
    var emptyListIsMap: Bool
    var hasEntryNames: Bool
    /// Whether its entries or items are of some type only.
    var hasTypedEntries: Bool
    /// Whether the vendor writes the value in a form of its own: see `forms` of the plan.
    var isFormed = false
    /// Index into `CanonicalNames.containers`, or -1 at the top.
    var container: Int16
    /// The canonical name (the last token), quoted, with its colon, behind a comma.
    var name: PooledBytes
    var values: Int16
    var valueCount: Int16
    var form: Int16 = -1
}

/// One field of which a list has an element, or several.
struct AnswerElement: Sendable {
    let field: Int
    let form: ValuePlan
    /// Whether the field has all elements of the list that fit no other field's form.
    let isMap: Bool
}

/// The answer mapping of one dialect, compiled: the same table as the request mapping, read backwards. Immutable.
final class AnswerPlan: Sendable {
    /// From here on, a value of a node's table is another node.
    static let firstNode = 100

    /// One table for each object that fields are read from; 0 is the object of the fields itself.
    let nodes: [NameTable]
    /// For each of `nodes` that is a list, whose elements its elements are; empty where no node is one.
    let lists: [Int: [AnswerElement]]
    /// For each of `nodes` that may be a list of which single elements are read: their indexes, and what is there.
    let indexes: [Int: [(position: Int, place: Int)]]
    /// For each of those of which one element is told from others, wherever it stands: what that one has.
    let likes: [Int: ValuePlan]
    let readsLists: Bool
    let forms: [FieldForm]
    /// Fields that are not in the object of the fields: pointers from the answer's root.
    let rootFields: [Int]
    let rootPointers: CompiledPointers
    /// Where the members of translations are: pointers from the object of the fields.
    let localized: [LocalizedRow]
    let localizedPointers: CompiledPointers
    let ownLocale: [UInt8]?
    let translations: Int
    /// Values that are a setting of the target's: the field, the name with its colon, the value.
    let fixed: [(field: Int, json: [UInt8])]
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
    /// For each of `failures`: what is absent where it says that nothing was changed.
    let refusesWithout: CompiledPointers
    let isRefusal: [Bool]
    let alwaysRefuses: [Bool]
    /// For each of `failures`: the values that tell of one; nil where any that says something does.
    let failureValues: [[[UInt8]]?]
    let nullIsAbsent: [Bool]
    /// How the vendor writes an id, where the caller's is a part of it.
    let idForm: AnswerIDForm?
    let hasProduct: Bool
    let requiresFields: Bool
    let requiresID: Bool
    /// The quoted names of `CanonicalNames.containers`, with colon and brace.
    let containerNames: [PooledBytes]
    let entryNames: [Int: [(canonical: String, vendor: String)]]
    /// By canonical index.
    let entries: [AnswerEntries?]

    init(dialect: Dialect, answer: Dialect.Answer, options: ResolvedOptions) {
        let answered = dialect.fields.filter(\.isAnswered)
        var builder = AnswerRowsBuilder(options: options)
        for field in answered { builder.add(field) }
        var tree = AnswerTree()
        for field in answered where !field.ownParameters.contains(where: { options.parameters[$0] == nil }) {
            tree.add(field, options)
        }
        for rule in dialect.lists { tree.add(rule, options) }
        self.likes = tree.likes
        self.nodes = tree.names.map { NameTable($0) }
        self.lists = tree.lists
        self.indexes = tree.indexes
        self.readsLists = !tree.lists.isEmpty || !tree.indexes.isEmpty
        self.forms = builder.forms
        self.fixed = builder.fixed
        self.rootFields = answered.filter { $0.answerRoot != nil }.map(\.canonical)
        self.rootPointers = CompiledPointers(answered.compactMap(\.answerRoot))
        let translated = answered.first { !$0.localized.isEmpty }
        self.translations = translated?.canonical ?? -1
        self.ownLocale = translated?.ownLocale.map { Array(options.parameter($0).utf8) }
        self.localized = (translated?.localized ?? []).map { place in
            LocalizedRow(group: 0, member: place.member, element: place.element.map { ValuePlan($0, options) })
        }
        self.localizedPointers = CompiledPointers(
            (translated?.localized ?? []).map { $0.container.map { options.token($0) } })
        self.rows = FrozenBuffer(builder.rows)
        self.values = FrozenBuffer(builder.values)
        self.pool = FrozenBuffer(builder.pool.bytes)
        self.fields = CompiledPointers([answer.fields])
        self.id = CompiledPointers(answer.id.map { [$0] } ?? [])
        self.idMatchesPath = answer.idMatchesPath
        self.idForm = answer.idForm.map { AnswerIDForm($0, options) }
        self.required = CompiledPointers(answer.required.filter { $0 != answer.fields && $0 != answer.id })
        self.failures = CompiledPointers(answer.failures.map(\.tokens))
        self.refusesWithout = CompiledPointers(answer.failures.map { $0.refusesWithout ?? [] })
        self.nullIsAbsent = answer.failures.map(\.nullIsAbsent)
        self.isRefusal = answer.failures.map { $0.refusesWithout != nil || $0.refuses }
        self.alwaysRefuses = answer.failures.map(\.refuses)
        self.failureValues = answer.failures.map(\.values)
        self.hasProduct = answer.hasProduct
        self.requiresFields = answer.required.contains(answer.fields)
        self.requiresID = answer.id.map { answer.required.contains($0) } ?? false
        self.containerNames = builder.containerNames
        self.entryNames = builder.entryNames
        self.entries = builder.entries
    }
}
