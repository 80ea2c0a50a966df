/// How much memory the container or the machine gives the process, and whether what the configuration allows fits into
/// it.
struct MemoryAllowance: Equatable {
    /// Bytes.
    let bytes: Int
    /// The file that says so.
    let file: String

    /// Nil where no group of the process has a limit.
    init?(groups: ControlGroup) {
        var found: (bytes: Int, file: String)?
        for folder in groups.folders(.memory) {
            let file = folder.isVersion2 ? "memory.max" : "memory.limit_in_bytes"
            // "max" is no number; version 1 writes a number near the largest there is.
            guard let bytes = groups.content(file, in: folder).flatMap({ Int($0) }), bytes < 1 << 60 else { continue }
            if found.map({ bytes < $0.bytes }) ?? true { found = (bytes, "\(folder.path)/\(file)") }
        }
        guard let found else { return nil }
        self.bytes = found.bytes
        self.file = found.file
    }

    /// Bytes, and where the number comes from, for the log.
    typealias Budget = (bytes: Int, from: String)

    /// What `limits.memory` is where the configuration leaves it to the system.
    ///
    /// What is left of the limit is for what is not counted: the kernel's socket buffers, where they are charged to the
    /// group, pieces of memory between others that are too small to be used, and memory that is being copied.
    static func automaticBudget(groups: ControlGroup) -> Budget {
        let share = 70
        if let group = MemoryAllowance(groups: groups) {
            return (group.bytes / 100 * share, "\(share) % of \(group.file)")
        }
        if let machine = groups.machineMemory { return (machine / 100 * share, "\(share) % of the machine's memory") }
        return (Self.unknownMachine, "the system does not say how much memory there is")
    }

    /// As much as the smallest machines have that anybody runs a gateway on.
    private static let unknownMachine = 512 << 20

    /// What the gateway needs when callers hold as many connections open as they may: docs/operations.md, "Sizing", has
    /// the measurements. Bodies under way come on top.
    static func needed(workers: Int, connections: Int) -> Int {
        // Code and data without a caller, each worker's buffers, and an idle connection with TLS.
        (24 << 20) + workers * ((2 << 20) + connections * (36 << 10))
    }
}
