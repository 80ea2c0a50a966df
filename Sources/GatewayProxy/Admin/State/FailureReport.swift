/// The failures that the workers remember.
struct FailureReport: Sendable {
    /// From all workers that answered; the group with the newest failure comes first.
    var groups: [FailureGroup] = []
    /// Workers that did not answer in time, by their index.
    var silentWorkers: Set<Int> = []
}
