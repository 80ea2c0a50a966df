/// A snapshot of a histogram.
package struct Histogram: Sendable, Equatable {
    /// Upper bounds in nanoseconds; one bucket more than there are bounds.
    package let bounds: [Int]
    package private(set) var buckets: [Int]
    package private(set) var sum = 0

    package init(bounds: [Int]) {
        self.bounds = bounds
        self.buckets = Array(repeating: 0, count: bounds.count + 1)
    }

    package var count: Int { self.buckets.reduce(0, +) }

    /// Adds the numbers of a shard: the buckets, then the sum.
    mutating func add(_ numbers: ArraySlice<Int>) {
        for (index, number) in zip(self.buckets.indices, numbers) { self.buckets[index] &+= number }
        self.sum &+= numbers.last ?? 0
    }

    /// The durations that were added since `earlier`.
    package func since(_ earlier: Histogram) -> Histogram {
        var difference = self
        for index in zip(self.buckets.indices, earlier.buckets.indices).map(\.0) {
            difference.buckets[index] = max(0, self.buckets[index] - earlier.buckets[index])
        }
        difference.sum = max(0, self.sum - earlier.sum)
        return difference
    }

    /// A quantile in nanoseconds, interpolated within its bucket as Prometheus does; nil if the histogram is empty. One
    /// above the last bound is the last bound.
    package func quantile(_ share: Double) -> Int? {
        let count = self.count
        guard count > 0 else { return nil }
        let rank = max(1, (Double(count) * share).rounded(.up))
        var before = 0
        for (index, bucket) in self.buckets.enumerated() {
            guard Double(before + bucket) >= rank, bucket > 0 else {
                before += bucket
                continue
            }
            guard index < self.bounds.count else { return self.bounds.last }
            let lower = index == 0 ? 0 : self.bounds[index - 1]
            let within = (rank - Double(before)) / Double(bucket)
            return lower + Int(Double(self.bounds[index] - lower) * within)
        }
        return self.bounds.last
    }
}
