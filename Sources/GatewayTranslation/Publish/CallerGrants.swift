/// What one caller may do at one target, for the document that shows it.
package struct CallerGrants: Sendable {
    let caller: String
    private(set) var operations: [String] = []
    /// By operation; one that is not among them may set everything.
    private var access: [String: FieldAccess] = [:]

    /// The operation that only shows what an update or a create would send.
    private static let rehearsal = "dryRun"

    package init(caller: String) {
        self.caller = caller
    }

    /// - Parameter access: nil for everything.
    package mutating func allow(_ operation: String, _ access: FieldAccess? = nil) {
        self.operations.append(operation)
        self.access[operation] = access
    }

    /// Whether the caller may do that, or at least rehearse it.
    package func shows(_ operation: ProductOperation) -> Bool {
        self.operations.contains(operation.rawValue)
            || operation != .read && self.operations.contains(Self.rehearsal)
    }

    /// Whether the caller may set some of a field, or may rehearse that.
    func shows(_ field: CanonicalField, by operation: ProductOperation) -> Bool {
        [operation.rawValue, Self.rehearsal].contains { self.extent(of: field, by: $0) != .none }
    }

    /// Whether the caller has to do with a field at all: it may set some of it, or read it.
    ///
    /// - Parameter isAnswered: the target has it in its answers.
    func shows(_ field: CanonicalField, isAnswered: Bool) -> Bool {
        self.shows(field, by: .update) || self.shows(field, by: .create)
            || isAnswered && self.operations.contains(ProductOperation.read.rawValue)
    }

    /// How much of a field each operation may set, of those that set something.
    func extents(of field: CanonicalField, by operations: [ProductOperation]) -> [(operation: String, String)] {
        var names = operations.filter { $0 != .read }.map(\.rawValue)
        if self.operations.contains(Self.rehearsal) { names.append(Self.rehearsal) }
        return names.map { ($0, self.extent(of: field, by: $0).rawValue) }
    }

    private func extent(of field: CanonicalField, by operation: String) -> FieldAccess.Extent {
        guard self.operations.contains(operation) else { return .none }
        return self.access[operation].map { $0.extent(of: field.tokens) } ?? .all
    }
}
