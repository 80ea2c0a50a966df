/// All numbers, as they were at one time.
package struct MetricsSnapshot: Sendable {
    package let values: LabelValues
    let workerLayout: MetricLayout
    let targetLayout: MetricLayout
    var workers: [[Int]] = []
    var exemplars: [ExemplarStore.Key: Exemplar] = [:]
    package internal(set) var targets: [(name: String, numbers: [Int])] = []

    init(values: LabelValues, workerLayout: MetricLayout, targetLayout: MetricLayout) {
        self.values = values
        self.workerLayout = workerLayout
        self.targetLayout = targetLayout
    }

    package var workerCount: Int { self.workers.count }

    /// The numbers of a target; nil if there is none of that name.
    package func target(_ name: String) -> [Int]? {
        self.targets.first { $0.name == name }?.numbers
    }

    /// One number of one worker.
    package func value(_ metric: Metric, worker: Int) -> Int {
        guard self.workers.indices.contains(worker),
            let index = self.workerLayout.slots[metric.rawValue].index(0, 0, 0)
        else { return 0 }
        return self.workers[worker][index]
    }

    /// One number, summed over the workers.
    package func value(_ metric: Metric, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0) -> Int {
        guard let index = self.workerLayout.slots[metric.rawValue].index(a, b, c) else { return 0 }
        return self.workers.reduce(0) { $0 &+ $1[index] }
    }

    /// One number of a target.
    package func value(
        _ metric: Metric, in numbers: [Int], _ a: Int = 0, _ b: Int = 0, _ c: Int = 0
    ) -> Int {
        guard let index = self.targetLayout.slots[metric.rawValue].index(a, b, c),
            numbers.indices.contains(index)
        else { return 0 }
        return numbers[index]
    }

    /// A target's histogram, summed over the values of its label.
    package func histogram(_ metric: Metric, in numbers: [Int]) -> Histogram {
        let slot = self.targetLayout.slots[metric.rawValue]
        var histogram = Histogram(bounds: slot.bounds)
        for a in 0..<slot.size0 {
            guard let start = slot.index(a, 0, 0), slot.width > 2, start + slot.width <= numbers.count
            else { continue }
            histogram.add(numbers[start..<(start + slot.width)])
        }
        return histogram
    }
}
