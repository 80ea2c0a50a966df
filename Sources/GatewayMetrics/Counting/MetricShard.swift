import Synchronization

/// One worker's numbers, or one worker's numbers for one target.
///
/// Only that worker's event loop writes it; any thread may read it at any time. Each number is an atomic with relaxed
/// loads and stores, which cost as much as plain ones: with a single writer nothing is lost, and a scrape reads every
/// number without asking a worker that may be busy. No lock, no allocation.
package final class MetricShard: @unchecked Sendable {
    private let cells: UnsafeMutablePointer<Atomic<Int>>
    private let layout: MetricLayout

    /// Two cache lines: shards of different workers must not share one, nor be fetched as a pair.
    private static let alignment = 128

    init(layout: MetricLayout) {
        let count = max(1, layout.cellCount)
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: count * MemoryLayout<Atomic<Int>>.stride, alignment: Self.alignment)
        self.cells = memory.bindMemory(to: Atomic<Int>.self, capacity: count)
        for index in 0..<count { (self.cells + index).initialize(to: Atomic(0)) }
        self.layout = layout
    }

    deinit {
        self.cells.deinitialize(count: max(1, self.layout.cellCount))
        UnsafeMutableRawPointer(self.cells).deallocate()
    }

    /// Adds to a counter or gauge; a negative `amount` lowers a gauge. `a`, `b` and `c` are the indexes of the labels'
    /// values, in the order of the labels.
    package func add(_ amount: Int, to metric: Metric, _ a: Int, _ b: Int, _ c: Int) {
        guard let index = self.layout.slots[metric.rawValue].index(a, b, c) else { return }
        self.bump(index, by: amount)
    }

    // One for each number of labels: an argument that is left out costs a call across modules.

    package func add(_ amount: Int, to metric: Metric) { self.add(amount, to: metric, 0, 0, 0) }
    package func add(to metric: Metric) { self.add(1, to: metric, 0, 0, 0) }
    package func add(to metric: Metric, _ a: Int) { self.add(1, to: metric, a, 0, 0) }
    package func add(to metric: Metric, _ a: Int, _ b: Int) { self.add(1, to: metric, a, b, 0) }
    package func add(to metric: Metric, _ a: Int, _ b: Int, _ c: Int) { self.add(1, to: metric, a, b, c) }

    package func observe(_ nanoseconds: UInt64, in metric: Metric) { self.observe(nanoseconds, in: metric, 0) }

    /// Adds a duration to a histogram.
    package func observe(_ nanoseconds: UInt64, in metric: Metric, _ a: Int) {
        let slot = self.layout.slots[metric.rawValue]
        guard slot.width > 2, let start = slot.index(a, 0, 0) else { return }
        let value = Int(clamping: nanoseconds)
        var bucket = 0
        while bucket < slot.bounds.count, value > slot.bounds[bucket] { bucket += 1 }
        self.bump(start + bucket, by: 1)
        self.bump(start + slot.width - 1, by: value)
    }

    @inline(__always)
    private func bump(_ index: Int, by amount: Int) {
        let cell = self.cells + index
        // Wraps after centuries rather than trap.
        cell.pointee.store(cell.pointee.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    /// Adds this shard's numbers to `sums`.
    func accumulate(into sums: inout [Int]) {
        for index in 0..<min(sums.count, self.layout.cellCount) {
            sums[index] &+= self.cells[index].load(ordering: .relaxed)
        }
    }
}
