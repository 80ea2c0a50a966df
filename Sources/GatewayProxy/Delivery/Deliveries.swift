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

    mutating func append(_ delivery: Delivery) {
        if self.first == nil {
            self.first = delivery
        } else {
            self.others.append(delivery)
        }
    }
}
