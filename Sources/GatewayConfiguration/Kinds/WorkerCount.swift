/// How many workers (event loops with everything on them) the gateway runs.
package enum WorkerCount: Sendable, Equatable {
    /// One for each core that the machine, or the container's CPU limit, gives.
    case automatic
    case count(Int)
}
