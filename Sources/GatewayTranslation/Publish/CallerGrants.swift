/// What one caller may do at one target, for the document that shows it.
package struct CallerGrants: Sendable {
    let caller: String
    private(set) var operations: [String] = []
    /// By operation; one that is not among them may set everything.
    private var access: [String: FieldAccess] = [:]

    package init(caller: String) {
        self.caller = caller
    }

    /// - Parameter access: nil for everything.
    package mutating func allow(_ operation: String, _ access: FieldAccess? = nil) {
        self.operations.append(operation)
        self.access[operation] = access
    }

    /// How much of a field an operation may set.
    func extent(of field: CanonicalField, by operation: String) -> FieldAccess.Extent {
        guard self.operations.contains(operation) else { return .none }
        return self.access[operation].map { $0.extent(of: field.tokens) } ?? .all
    }
}
