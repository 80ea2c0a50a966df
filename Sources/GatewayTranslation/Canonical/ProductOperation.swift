/// What a caller can ask for. A dialect may have fewer; it cannot have others.
package enum ProductOperation: String, Sendable, CaseIterable {
    case update
    case create
}
