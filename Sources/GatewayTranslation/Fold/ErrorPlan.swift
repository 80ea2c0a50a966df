/// The error rules of one dialect, compiled: its own places first, then those that are common. Immutable.
final class ErrorPlan: Sendable {
    let items: CompiledPointers
    /// For each of `items`, whether it is the whole answer.
    let isWhole: [Bool]
    let codes: CompiledPointers
    /// For each of `codes`, whether the code is the fragment of a URI; the common ones are not.
    let isFragment: [Bool]
    let title: CompiledPointers
    let detail: CompiledPointers
    /// Those of `detail` that make an object one item: names of a text that are not the name of a field.
    let itemTexts: CompiledPointers
    let status: CompiledPointers
    let requestID: CompiledPointers
    let field: CompiledPointers
    let missingIDs: CompiledPointers
    let reasons: ReasonTable

    init(_ rules: ErrorRules, places: FieldPlaces) {
        let items = rules.items + ErrorRules.commonItems
        let details = rules.detail + ErrorRules.commonDetail
        self.items = CompiledPointers(items)
        self.isWhole = items.map(\.isEmpty)
        self.codes = CompiledPointers(rules.code.map(\.tokens) + ErrorRules.commonCode)
        self.isFragment = rules.code.map(\.isFragment) + ErrorRules.commonCode.map { _ in false }
        self.title = CompiledPointers(rules.title + ErrorRules.commonTitle)
        self.detail = CompiledPointers(details)
        self.itemTexts = CompiledPointers(
            details.filter { $0.count == 1 && places.pointer(forVendorField: $0[0]) == nil })
        self.status = CompiledPointers(rules.status + ErrorRules.commonStatus)
        self.requestID = CompiledPointers(rules.requestID + ErrorRules.commonRequestID)
        self.field = CompiledPointers(rules.field + ErrorRules.commonField)
        self.missingIDs = CompiledPointers(rules.missingIDs)
        self.reasons = ReasonTable(rules.reasons + ErrorRules.commonReasons)
    }
}
