/// What a caller can ask for. A dialect may have fewer; it cannot have others.
package enum ProductOperation: String, Sendable, CaseIterable {
    case update
    case create
    /// Changes nothing: the product as the vendor has it, in canonical form.
    case read

    /// Those that change a product: a dialect describes each with what it sends.
    package static let changes: [ProductOperation] = [.update, .create]
}
