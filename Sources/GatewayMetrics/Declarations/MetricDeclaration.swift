/// The name, meaning and labels of a metric.
package struct MetricDeclaration: Sendable {
    package enum Kind: Sendable {
        case counter
        case gauge
        /// Durations, in the buckets with these upper bounds, in nanoseconds and rising.
        case histogram(bounds: [Int])
        /// A constant 1; the information is in its labels.
        case info

        package var word: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            case .info: "info"
            }
        }
    }

    package enum Unit: String, Sendable {
        case seconds, bytes
    }

    /// Where the numbers come from.
    package enum Scope: Sendable {
        /// Read at a scrape: the process, the configuration.
        case collected
        /// Each worker counts; the sum is exported.
        case worker
        /// Each worker counts for each target; the sums are exported.
        case target
    }

    /// The family's name, without the suffixes `_total` and `_info`.
    package let name: String
    package let kind: Kind
    package let unit: Unit?
    package let scope: Scope
    /// One sentence.
    package let help: String
    /// In the order in which they are written, without `target` and `worker`, which come first.
    package let labels: [MetricLabel]
    /// Only combinations of labels that have occurred are exported, because most of the possible ones never do.
    package let isSparse: Bool
    /// Exported for each worker instead of summed.
    package let isPerWorker: Bool

    init(
        _ name: String, _ kind: Kind, unit: Unit? = nil, _ scope: Scope, labels: [MetricLabel] = [],
        isSparse: Bool = false, isPerWorker: Bool = false, _ help: String
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.scope = scope
        self.help = help
        self.labels = labels
        self.isSparse = isSparse
        self.isPerWorker = isPerWorker
    }

    /// The name that samples carry and queries use; a histogram's is `…_bucket`, `…_sum` and `…_count`.
    package var sampleName: String {
        switch self.kind {
        case .counter: self.name + "_total"
        case .info: self.name + "_info"
        case .gauge, .histogram: self.name
        }
    }

    /// The names of all labels, those of the scope included.
    package var labelNames: [String] {
        var names: [String] = []
        if self.scope == .target { names.append("target") }
        if self.isPerWorker { names.append("worker") }
        return names + self.labels.map(\.name)
    }
}

/// One label of a metric.
package struct MetricLabel: Sendable {
    package let name: String
    package let domain: LabelDomain

    init(_ name: String, _ domain: LabelDomain) {
        self.name = name
        self.domain = domain
    }
}
