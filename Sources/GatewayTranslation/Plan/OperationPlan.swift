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
    /// The fields that are the same for every request.
    let headers: [(name: String, value: String)]
    let bodyBefore: FilledTemplate
    let bodyAfter: FilledTemplate
    /// How the fields stand between the two.
    let layout: BodyLayout
    /// What only some dialects have; nil where this one has none of it.
    let special: SpecialRequests?
    let successStatuses: [Int]
    let id: Dialect.IDSource
    let idempotencyHeader: String?
    let rows: FrozenBuffer<FieldRow>
    let groups: FrozenBuffer<GroupRow>
    /// What each group has, by the vendor's names: a canonical index, or from `firstGroup` on another group.
    let groupNames: [NameTable]
    /// The same, to be looked up by text.
    let namesOfGroups: [[(name: String, value: Int)]]
    let values: FrozenBuffer<ValueRow>
    let forms: [FieldForm]
    let localized: [LocalizedRow]
    /// Of lists of which one element has fields.
    let elements: [ElementRule]
    let constants: [ConstantRow]
    /// Whether there are `localized` or `constants`: what is not a caller's own field at its place.
    let hasExtras: Bool
    let shapes: ShapeTable
    let pool: FrozenBuffer<UInt8>
    /// One bit for each canonical field.
    let requiredMask: UInt64
    let defaultMask: UInt64
    /// Fields that the vendor takes only with another one.
    let companions: [(field: Int, needed: Int)]
    let hasCompanions: Bool
    /// Why a field is not sent, for messages; by canonical index.
    let reasons: [String]
    /// Other names inside map entries, by canonical index.
    let entryNames: [Int: [(canonical: String, vendor: String)]]
    /// How many bytes the envelope and all names take together.
    let overhead: Int

    /// The group of all fields of one request, in which a group is: 0 for the first request.
    func root(of group: Int16) -> Int16 {
        var group = group
        while group > 0, self.groups[Int(group)].parent >= 0 { group = self.groups[Int(group)].parent }
        return group
    }

    /// How the fields are written.
    enum BodyLayout: Sendable, Equatable {
        /// An object, in an envelope.
        case object
        /// Its members, behind those that stand before them in the same object.
        case members
        /// A list with an action for each.
        case actions
        /// Pairs of `application/x-www-form-urlencoded`.
        case form
    }

    init(compiling operation: Dialect.Operation, of dialect: Dialect, for options: ResolvedOptions) {
        var builder = OperationPlanBuilder(operation: operation, dialect: dialect, options: options)
        builder.compile()
        self.kind = operation.kind
        self.title = dialect.title
        self.method = operation.method
        self.path = FilledTemplate(operation.path, options)
        let envelope = Envelope(operation.body, encoding: operation.encoding, options)
        self.bodyBefore = envelope.before
        self.bodyAfter = envelope.after
        self.layout = envelope.layout
        let special = SpecialRequests(
            operation, of: dialect, options, envelope: envelope, groupPaths: builder.groupPaths)
        self.headers = special.headers
        self.special = special.isNeeded ? special : nil
        self.successStatuses = operation.successStatuses
        self.id = operation.id
        self.idempotencyHeader = operation.idempotencyHeader
        self.rows = FrozenBuffer(builder.rows)
        self.groups = FrozenBuffer(builder.groups)
        self.groupNames = builder.groupNames
        self.namesOfGroups = builder.groupMembers
        self.values = FrozenBuffer(builder.values)
        self.forms = builder.forms
        self.localized = builder.localized
        self.elements = builder.elements
        self.constants = builder.constants
        self.hasExtras = !builder.localized.isEmpty || !builder.constants.isEmpty
        self.shapes = builder.shapes.table()
        self.pool = FrozenBuffer(builder.pool.bytes)
        self.requiredMask = builder.requiredMask
        self.defaultMask = builder.defaultMask
        self.companions = builder.companions
        self.hasCompanions = !builder.companions.isEmpty
        self.reasons = builder.reasons
        self.entryNames = builder.entryNames
        self.overhead =
            envelope.before.constantCount + envelope.after.constantCount + builder.pool.bytes.count
            + 2 * builder.rows.count + 16
    }
}
