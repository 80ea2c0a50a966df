/// What one event loop takes of the process's memory budget: the door through which everything is counted.
///
/// Adds up small changes and tells the budget of them in pieces, so that loops do not fight over one word of memory:
/// the budget is right to `slack` bytes for each of them. Confined to its event loop.
final class LoopMemory {
    let budget: MemoryBudget
    /// Not told yet.
    private var pending = 0
    /// Told when much has been given back since the last time.
    var onFall: () -> Void = {}

    private static let slack = 32 * 1024
    /// Worth asking the allocator for.
    private static let fall = 16 << 20

    init(budget: MemoryBudget = MemoryBudget()) {
        self.budget = budget
    }

    /// Takes `bytes`, or gives them back where they are negative.
    @inline(__always)
    func add(_ bytes: Int) {
        self.pending &+= bytes
        if self.pending > Self.slack || self.pending < -Self.slack { self.tell() }
    }

    private func tell() {
        let bytes = self.pending
        self.pending = 0
        self.budget.add(bytes)
        if bytes < 0, self.budget.hasFallen(by: Self.fall) { self.onFall() }
    }

    /// Whether something that holds `bytes` may go on growing.
    func mayGrow(to bytes: Int) -> Bool {
        bytes <= MemoryBudget.firstBytes || self.budget.stage < .holding
    }
}
