/// What the workers remember of failures.
struct FailureReport: Sendable {
    /// Of all workers that answered; the one with the newest failure first.
    var groups: [FailureGroup] = []
    /// Workers that did not answer in time, by their index.
    var silentWorkers: Set<Int> = []
}
