/// Indexes of values that are left out of what is sent, in rising order: the walk meets them in that order.
struct DroppedValues {
    private var indexes: [Int] = []

    mutating func append(_ index: Int) {
        // A container that is cleared as a whole can report the same value more than once.
        if self.indexes.last != index { self.indexes.append(index) }
    }

    var isEmpty: Bool { self.indexes.isEmpty }

    func contains(_ index: Int) -> Bool { self.containsAny(in: index..<(index + 1)) }

    /// Whether anything within a value is left out. Logarithmic: a map may lose thousands of members.
    func containsAny(in range: Range<Int>) -> Bool {
        guard !self.indexes.isEmpty else { return false }
        var low = 0
        var high = self.indexes.count
        while low < high {
            let middle = (low + high) / 2
            if self.indexes[middle] < range.lowerBound { low = middle + 1 } else { high = middle }
        }
        return low < self.indexes.count && self.indexes[low] < range.upperBound
    }
}
