/// Indexes of values that are left out of what is sent, in rising order.
struct DroppedValues {
    private var indexes: [Int] = []

    mutating func append(_ index: Int) {
        guard let last = self.indexes.last, last >= index else {
            self.indexes.append(index)
            return
        }
        // Nearly all come in their order. What a form cannot take is found behind what the shape does not allow.
        let position = self.indexes.firstIndex { $0 >= index } ?? self.indexes.count
        if self.indexes[position] != index { self.indexes.insert(index, at: position) }
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
