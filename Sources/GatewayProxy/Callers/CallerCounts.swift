import Synchronization

/// How a caller's requests have ended, by the code's index in the label `code`. All workers count together. Any thread.
final class CallerCounts: @unchecked Sendable {
    private let cells: UnsafeMutablePointer<Atomic<Int>>
    private let count: Int

    /// - Parameter codes: how many there are.
    init(codes: Int) {
        self.count = max(1, codes)
        self.cells = .allocate(capacity: self.count)
        for index in 0..<self.count { (self.cells + index).initialize(to: Atomic(0)) }
    }

    deinit {
        self.cells.deinitialize(count: self.count)
        self.cells.deallocate()
    }

    func add(code index: Int) {
        guard index >= 0, index < self.count else { return }
        self.cells[index].wrappingAdd(1, ordering: .relaxed)
    }

    /// The numbers that are not zero.
    var values: [(code: Int, count: Int)] {
        (0..<self.count).compactMap { index in
            let value = self.cells[index].load(ordering: .relaxed)
            return value == 0 ? nil : (index, value)
        }
    }
}
