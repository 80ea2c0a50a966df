import GatewayHTTP

/// One operation of one target, compiled. Immutable.
final class OperationPlan: Sendable {
    /// From here on, a value of `groupNames` is a group.
    static let firstGroup = 100

    let kind: ProductOperation
    /// The vendor as people call it, for messages.
    let title: String
    let method: String
    let path: FilledTemplate
    let bodyBefore: FilledTemplate
    let bodyAfter: FilledTemplate
    let successStatuses: [Int]
    let id: Dialect.IDSource
    let idempotencyHeader: String?
    let rows: FrozenBuffer<FieldRow>
    let groups: FrozenBuffer<GroupRow>
    /// What each group has, by the vendor's names: a canonical index, or from `firstGroup` on another group.
    let groupNames: [NameTable]
    let values: FrozenBuffer<ValueRow>
    let shapes: ShapeTable
    let pool: FrozenBuffer<UInt8>
    /// One bit for each canonical field.
    let requiredMask: UInt64
    let defaultMask: UInt64
    /// Why a field is not sent, for messages; by canonical index.
    let reasons: [String]
    /// Other names inside map entries, by canonical index.
    let entryNames: [Int: [(canonical: String, vendor: String)]]
    /// How many bytes the envelope and all names take together.
    let overhead: Int

    init(compiling operation: Dialect.Operation, of dialect: Dialect, for options: ResolvedOptions) {
        var builder = OperationPlanBuilder(operation: operation, dialect: dialect, options: options)
        builder.compile()
        self.kind = operation.kind
        self.title = dialect.title
        self.method = operation.method
        self.path = Self.path(operation.path, options)
        let (before, after) = Self.body(operation.body, options)
        self.bodyBefore = before
        self.bodyAfter = after
        self.successStatuses = operation.successStatuses
        self.id = operation.id
        self.idempotencyHeader = operation.idempotencyHeader
        self.rows = FrozenBuffer(builder.rows)
        self.groups = FrozenBuffer(builder.groups)
        self.groupNames = builder.groupNames
        self.values = FrozenBuffer(builder.values)
        self.shapes = builder.shapes.table()
        self.pool = FrozenBuffer(builder.pool.bytes)
        self.requiredMask = builder.requiredMask
        self.defaultMask = builder.defaultMask
        self.reasons = builder.reasons
        self.entryNames = builder.entryNames
        self.overhead =
            before.constantCount + after.constantCount + builder.pool.bytes.count + 2 * builder.rows.count + 16
    }

    static func path(_ template: PathTemplate, _ options: ResolvedOptions) -> FilledTemplate {
        FilledTemplate(
            template.parts.map { part in
                switch part {
                case .text(let text): .bytes(Array(text.utf8))
                case .id: .id
                case .parameter(let name): .bytes(PercentEncoding.encode(Array(options.parameter(name).utf8)))
                }
            })
    }

    private static func body(
        _ template: BodyTemplate, _ options: ResolvedOptions
    ) -> (before: FilledTemplate, after: FilledTemplate) {
        var before: [FilledTemplate.Part] = []
        var after: [FilledTemplate.Part] = []
        var isBehindFields = false
        for part in template.parts {
            let filled: FilledTemplate.Part
            switch part {
            case .json(let bytes): filled = .bytes(bytes)
            case .id: filled = .id
            case .parameter(let name): filled = .bytes(options.quotedParameter(name))
            case .fields:
                isBehindFields = true
                continue
            }
            if isBehindFields { after.append(filled) } else { before.append(filled) }
        }
        return (FilledTemplate(before), FilledTemplate(after))
    }
}
