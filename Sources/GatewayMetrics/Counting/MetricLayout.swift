/// Where the numbers of each metric are in a shard: a shard is one flat array, and a label value is a small integer.
///
/// Made once from the table of metrics and the values of their labels; immutable.
package struct MetricLayout: Sendable {
    /// The place of one metric: a box of `sizes`, each entry `width` numbers wide.
    struct Slot: Sendable {
        var offset = 0
        var size0 = 0
        var size1 = 0
        var size2 = 0
        /// 1; for a histogram one for each bucket, one for the bucket above all bounds, and one for the sum.
        var width = 0
        var bounds: [Int] = []

        var count: Int { self.size0 * self.size1 * self.size2 * self.width }

        /// The index of an entry's first number; nil outside the box. That is a mistake of ours, and must cost no more
        /// than this number.
        @inline(__always)
        func index(_ a: Int, _ b: Int, _ c: Int) -> Int? {
            guard a >= 0, a < self.size0, b >= 0, b < self.size1, c >= 0, c < self.size2 else { return nil }
            return self.offset + ((a * self.size1 + b) * self.size2 + c) * self.width
        }
    }

    /// By `Metric.rawValue`; a metric of another scope has no size.
    let slots: [Slot]
    let cellCount: Int

    init(scope: MetricDeclaration.Scope, values: LabelValues) {
        var slots: [Slot] = []
        var offset = 0
        for metric in Metric.allCases {
            let declaration = metric.declaration
            guard declaration.scope == scope else {
                slots.append(Slot())
                continue
            }
            let sizes = declaration.labels.map { values.values(of: $0.domain).count }
            assert(sizes.count <= 3, "a metric has at most three labels of its own")
            var slot = Slot(
                offset: offset, size0: sizes.first ?? 1, size1: sizes.dropFirst().first ?? 1,
                size2: sizes.dropFirst(2).first ?? 1, width: 1)
            if case .histogram(let bounds) = declaration.kind {
                slot.width = bounds.count + 2
                slot.bounds = bounds
            }
            offset += slot.count
            slots.append(slot)
        }
        self.slots = slots
        self.cellCount = offset
    }
}
