/// How a target's product is read as it is, compiled. Immutable.
final class ReadPlan: Sendable {
    let path: FilledTemplate
    let successStatuses: [Int]
    /// Vendor pointers (tokens, relative to the fields) that are not to be written back.
    let omitted: [[String]]

    init(compiling read: Dialect.Read, for options: ResolvedOptions) {
        self.path = OperationPlan.path(read.path, options)
        self.successStatuses = read.successStatuses
        self.omitted = read.omitted
    }
}
