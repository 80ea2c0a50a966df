/// How much of the process's memory budget is taken, in the steps at which the gateway does something about it.
enum MemoryStage: Int, CaseIterable, Comparable, Sendable {
    /// Everybody gets what the other limits allow.
    case ample
    /// No body and no answer grows beyond its first 64 KiB.
    case holding
    /// Requests about products are answered with `503 overloaded`.
    case refusing
    /// The largest unread answers and unfinished bodies are given up.
    case shedding

    static func < (left: MemoryStage, right: MemoryStage) -> Bool { left.rawValue < right.rawValue }

    /// As the status document and the metrics say it.
    var name: String {
        switch self {
        case .ample: "ample"
        case .holding: "holding"
        case .refusing: "refusing"
        case .shedding: "shedding"
        }
    }
}
