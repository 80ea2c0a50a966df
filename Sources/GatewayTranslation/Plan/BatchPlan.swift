/// How lines of one operation travel together at one target, compiled. Immutable.
package final class BatchPlan: Sendable {
    package let itemsMax: Int
    /// Of all items together.
    package let bytesMax: Int
    /// What an item is written with.
    let items: OperationPlan
    let method: String
    let path: [UInt8]
    let headers: [(name: String, value: String)]
    let layout: Dialect.Batch.Layout
    let successStatuses: [Int]
    let results: Dialect.Batch.Results
    /// Of an item that says none, and no error.
    let statusUnlessSaid: Int

    /// - Parameter operation: what a request of its own is written with.
    init?(_ operation: OperationPlan?, of dialect: Dialect, for options: ResolvedOptions) {
        guard let operation, let own = dialect.operations.first(where: { $0.kind == operation.kind }),
            let batch = own.batch
        else { return nil }
        self.items =
            batch.item.map { OperationPlan(compiling: own.withBody($0), of: dialect, for: options) } ?? operation
        self.itemsMax = batch.itemsMax
        self.bytesMax = batch.bytesMax
        self.method = batch.method
        self.path = FilledTemplate(batch.path, options).path(id: nil)
        self.headers =
            CompiledHeaders(batch.headers, encoding: .json, contentType: batch.contentType, options).constant
        self.layout = batch.layout
        self.successStatuses = batch.successStatuses
        self.results = batch.results
        self.statusUnlessSaid = operation.successStatuses.first ?? 200
    }
}
