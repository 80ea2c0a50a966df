/// How much memory the process may take.
package enum MemoryLimit: Sendable, Equatable {
    /// 70 % of what the process's control groups allow, or of the machine's.
    case automatic
    case bytes(Int)
}
