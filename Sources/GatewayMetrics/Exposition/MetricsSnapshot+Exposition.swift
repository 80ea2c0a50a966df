extension MetricsSnapshot {
    /// The text of a scrape.
    ///
    /// - Parameter collected: the numbers that are not counted by workers.
    package func exposition(_ format: ExpositionFormat, collected: CollectedValues) -> [UInt8] {
        var writer = ExpositionWriter(format: format)
        for metric in Metric.allCases {
            let declaration = metric.declaration
            writer.family(declaration)
            switch declaration.scope {
            case .collected:
                for sample in collected.samples[metric] ?? [] {
                    let labels = zip(declaration.labelNames, sample.labels).map { (name: $0, value: $1) }
                    writer.sample(declaration.sampleName, labels, sample.value)
                }
            case .worker:
                self.writeWorkers(metric, declaration, to: &writer)
            case .target:
                for target in self.targets {
                    self.write(
                        metric, of: target.name, self.targetLayout.slots[metric.rawValue], target.numbers,
                        labels: [("target", target.name)], to: &writer)
                }
            }
        }
        writer.end()
        return writer.bytes
    }

    private func writeWorkers(
        _ metric: Metric, _ declaration: MetricDeclaration, to writer: inout ExpositionWriter
    ) {
        let slot = self.workerLayout.slots[metric.rawValue]
        guard !declaration.isPerWorker else {
            for (index, numbers) in self.workers.enumerated() {
                self.write(metric, slot, numbers, labels: [("worker", String(index))], to: &writer)
            }
            return
        }
        var sums = [Int](repeating: 0, count: self.workerLayout.cellCount)
        for numbers in self.workers {
            for index in slot.offset..<(slot.offset + slot.count) { sums[index] &+= numbers[index] }
        }
        self.write(metric, slot, sums, labels: [], to: &writer)
    }

    /// Every combination of the metric's labels.
    private func write(
        _ metric: Metric, of target: String? = nil, _ slot: MetricLayout.Slot, _ numbers: [Int],
        labels: [(name: String, value: String)], to writer: inout ExpositionWriter
    ) {
        let declaration = metric.declaration
        let names = declaration.labels.map(\.name)
        let values = declaration.labels.map { self.values.values(of: $0.domain) }
        for a in 0..<slot.size0 {
            for b in 0..<slot.size1 {
                for c in 0..<slot.size2 {
                    guard let start = slot.index(a, b, c), start + slot.width <= numbers.count else { continue }
                    if declaration.isSparse, numbers[start] == 0 { continue }
                    var labels = labels
                    for (index, position) in zip(names.indices, [a, b, c]) {
                        labels.append((names[index], values[index][position]))
                    }
                    if slot.bounds.isEmpty {
                        let isDuration = declaration.unit == .seconds
                        writer.sample(
                            declaration.sampleName, labels,
                            isDuration ? .nanoseconds(numbers[start]) : .integer(numbers[start]))
                    } else {
                        self.write(
                            declaration, slot.bounds, numbers[start..<(start + slot.width)],
                            labels: labels, to: &writer
                        ) { self.exemplars[.init(metric: metric, target: target, label: a, bucket: $0)] }
                    }
                }
            }
        }
    }

    private func write(
        _ declaration: MetricDeclaration, _ bounds: [Int], _ numbers: ArraySlice<Int>,
        labels: [(name: String, value: String)], to writer: inout ExpositionWriter, exemplar: (Int) -> Exemplar?
    ) {
        var histogram = Histogram(bounds: bounds)
        histogram.add(numbers)
        var count = 0
        for (index, bucket) in histogram.buckets.enumerated() {
            count += bucket
            let bound = index < bounds.count ? ExpositionWriter.seconds(bounds[index]) : "+Inf"
            writer.sample(
                "\(declaration.name)_bucket", labels + [("le", bound)], .integer(count), exemplar: exemplar(index))
        }
        writer.sample("\(declaration.name)_sum", labels, .nanoseconds(histogram.sum))
        writer.sample("\(declaration.name)_count", labels, .integer(count))
    }
}
