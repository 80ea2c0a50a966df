/// The failures that one worker remembers for the status page.
///
/// Failures of one kind are kept together, so that a vendor that fails again and again does not push out the failures
/// of others. Bounded: beyond the limit, the kind that occurred longest ago is forgotten.
struct FailureMemory {
    /// The kind that occurred last comes first, because most failures are of the same kind as the one before.
    private(set) var groups: [FailureGroup] = []
    private let groupsMax: Int

    init(groupsMax: Int) {
        self.groupsMax = groupsMax
    }

    mutating func append(_ failure: RecentFailure) {
        if let index = self.groups.firstIndex(where: { $0.isOfTheKind(of: failure) }) {
            if index > 0 { self.groups.insert(self.groups.remove(at: index), at: 0) }
        } else {
            if self.groups.count >= self.groupsMax { self.groups.removeLast() }
            self.groups.insert(FailureGroup(of: failure), at: 0)
        }
        self.groups[0].append(failure)
    }
}
