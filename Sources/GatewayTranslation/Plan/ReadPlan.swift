/// How a target's product is read as it is, compiled. Immutable.
final class ReadPlan: Sendable {
    let path: FilledTemplate
    let successStatuses: [Int]
    /// What must not be written back of what was read.
    let omissions: Omissions

    init(compiling read: Dialect.Read, for options: ResolvedOptions) {
        self.path = OperationPlan.path(read.path, options)
        self.successStatuses = read.successStatuses
        self.omissions = Omissions(read.omitted)
    }
}
