/// What is read at a scrape rather than counted.
package struct CollectedValues: Sendable {
    package enum Value: Sendable, Equatable {
        case integer(Int)
        /// Written as seconds.
        case nanoseconds(Int)
    }

    struct Sample: Sendable {
        var labels: [String]
        var value: Value
    }

    private(set) var samples: [Metric: [Sample]] = [:]

    package init() {}

    /// Adds a number of a metric whose scope is `.collected`.
    ///
    /// - Parameter labels: the values of all its labels, in the order of their names.
    package mutating func add(_ metric: Metric, labels: [String] = [], _ value: Value) {
        self.samples[metric, default: []].append(Sample(labels: labels, value: value))
    }
}
