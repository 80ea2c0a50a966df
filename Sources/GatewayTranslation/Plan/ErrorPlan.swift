import GatewayJSON

/// The error rules of one dialect, compiled: its own places first, then those that are common. Immutable.
final class ErrorPlan: Sendable {
    /// What a vendor's sentence is put behind: its title, a colon and a space.
    let speaker: String
    let items: CompiledPointers
    /// How many of `items` are the dialect's own.
    let ownItemCount: Int
    /// For each of `items`, whether it is the whole answer.
    let isWhole: [Bool]
    let codes: CompiledPointers
    /// For each of `codes`, whether the code is the fragment of a URI; the common ones are not.
    let isFragment: [Bool]
    let title: CompiledPointers
    let detail: CompiledPointers
    /// Those of `detail` and `code` that make an object one item: names of a text that are not the name of a field.
    let itemTexts: CompiledPointers
    let status: CompiledPointers
    let requestID: CompiledPointers
    let field: CompiledPointers
    /// For each of `field`, how the value names a field.
    let fieldPlaces: [ErrorRules.FieldPlace]
    let locale: CompiledPointers
    let parameters: CompiledPointers
    let separators: [[UInt8]]
    let itemCodes: [ErrorRules.ItemCodeRule]
    let missingIDs: CompiledPointers
    let messages: MessageTable
    let reasons: ReasonTable

    /// What the vendor's codes mean.
    let rules: [ErrorRules.CodeRule]
    /// The codes of `rules`.
    private let vendorCodes: FrozenBuffer<PooledBytes>
    private let pool: FrozenBuffer<UInt8>

    init(_ rules: ErrorRules, title: String, places: FieldPlaces) {
        let items = rules.items + ErrorRules.commonItems
        let details = rules.detail + ErrorRules.commonDetail
        var pool = BytePoolBuilder()
        self.speaker = title + ": "
        self.items = CompiledPointers(items)
        self.ownItemCount = rules.items.count
        self.isWhole = items.map(\.isEmpty)
        self.codes = CompiledPointers(rules.code.map(\.tokens) + ErrorRules.commonCode)
        self.isFragment = rules.code.map(\.isFragment) + ErrorRules.commonCode.map { _ in false }
        self.title = CompiledPointers(rules.title + ErrorRules.commonTitle)
        self.detail = CompiledPointers(details)
        self.itemTexts = CompiledPointers(
            (details.filter { $0.first != "error" || $0.count == 1 }
                + rules.code.map(\.tokens).filter { $0.count == 1 } + [["code"], ["errorCode"]]).filter {
                    !$0.isEmpty && places.pointer(forVendorField: $0[0]) == nil
                })
        self.status = CompiledPointers(rules.status + ErrorRules.commonStatus)
        self.requestID = CompiledPointers(rules.requestID + ErrorRules.commonRequestID)
        let fields = rules.field + ErrorRules.commonField
        self.fieldPlaces = fields
        self.field = CompiledPointers(fields.map(\.first))
        self.locale = CompiledPointers(rules.locale)
        self.parameters = CompiledPointers(rules.parameters)
        self.separators = rules.separators.map { Array($0.utf8) }
        self.itemCodes = rules.itemCodes
        self.missingIDs = CompiledPointers(rules.missingIDs)
        self.messages = MessageTable(rules.messages.isEmpty ? ErrorRules.commonMessages : rules.messages)
        self.reasons = ReasonTable(rules.reasons + ErrorRules.commonReasons)
        self.vendorCodes = FrozenBuffer(rules.codes.map { pool.add($0.vendor.utf8) })
        self.rules = rules.codes
        self.pool = FrozenBuffer(pool.bytes)
    }

    /// Where in `rules` a vendor's code is; nil where the dialect says nothing of it.
    func rule(for code: UnsafeBufferPointer<UInt8>) -> Int? {
        for position in 0..<self.vendorCodes.count
        where JSONView.areEqual(code, self.pool.view(self.vendorCodes[position])) {
            return position
        }
        return nil
    }

    /// Whether the dialect says anything of any code.
    var knowsCodes: Bool { self.vendorCodes.count > 0 }
}
