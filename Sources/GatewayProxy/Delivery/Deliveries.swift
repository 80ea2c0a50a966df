/// The deliveries of one exchange, in the order of its targets. Nearly always there is one, which costs no array.
struct Deliveries: RandomAccessCollection {
    private var first: Delivery?
    private var others: [Delivery] = []

    var startIndex: Int { 0 }
    var endIndex: Int { self.first == nil ? 0 : 1 + self.others.count }

    /// The delivery where there is exactly one.
    var only: Delivery? { self.others.isEmpty ? self.first : nil }

    subscript(position: Int) -> Delivery {
        if position == 0, let first = self.first { return first }
        return self.others[position - 1]
    }

    /// One after the other, as any collection does it, but without a copy to walk along.
    @inline(__always)
    func forEach(_ body: (Delivery) -> Void) {
        guard let first = self.first else { return }
        body(first)
        guard !self.others.isEmpty else { return }
        for other in self.others { body(other) }
    }

    /// Whether one of them is like that; without a copy to walk along.
    @inline(__always)
    func contains(where predicate: (Delivery) -> Bool) -> Bool {
        guard let first = self.first else { return false }
        return predicate(first) || (!self.others.isEmpty && self.others.contains(where: predicate))
    }

    mutating func append(_ delivery: Delivery) {
        if self.first == nil {
            self.first = delivery
        } else {
            self.others.append(delivery)
        }
    }
}
