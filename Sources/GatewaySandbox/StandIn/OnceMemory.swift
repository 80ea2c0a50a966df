/// Remembers which `once-` words have been spent, up to a limit.
struct OnceMemory: Sendable {
    private var spent: Set<String> = []
    private let countMax: Int

    init(countMax: Int) {
        self.countMax = countMax
    }

    /// True the first time; emptied when full, which only makes a word count once more.
    mutating func spend(_ word: String, id: String) -> Bool {
        if self.spent.count >= self.countMax { self.spent.removeAll() }
        return self.spent.insert("\(word) \(id)").inserted
    }
}
