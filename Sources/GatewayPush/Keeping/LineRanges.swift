/// A set of line numbers, kept as ranges: nearly all lines up to one are in it, and a few behind.
///
/// Numbers count from 1.
package struct LineRanges: Equatable, Sendable {
    /// In order, apart from each other.
    package private(set) var ranges: [ClosedRange<Int>] = []

    /// Beyond it no file has lines; sums of such numbers fit.
    static let lineMax = 1 << 48

    /// - Parameter ranges: within 1 and `lineMax`.
    package init(_ ranges: [ClosedRange<Int>] = []) {
        for range in ranges { self.insert(range) }
    }

    /// All lines up to this one are in it.
    package var through: Int {
        guard let first = self.ranges.first, first.lowerBound == 1 else { return 0 }
        return first.upperBound
    }

    package var count: Int { self.ranges.reduce(0) { $0 + $1.count } }

    package func contains(_ line: Int) -> Bool {
        let position = self.position(of: line)
        return position < self.ranges.count && self.ranges[position].contains(line)
    }

    package mutating func insert(_ line: Int) { self.insert(line...line) }

    private mutating func insert(_ added: ClosedRange<Int>) {
        // Those that touch it become one with it.
        let first = self.position(of: added.lowerBound - 1)
        var last = first
        var (lower, upper) = (added.lowerBound, added.upperBound)
        while last < self.ranges.count, self.ranges[last].lowerBound <= upper + 1 {
            lower = min(lower, self.ranges[last].lowerBound)
            upper = max(upper, self.ranges[last].upperBound)
            last += 1
        }
        self.ranges.replaceSubrange(first..<last, with: [lower...upper])
    }

    /// The first range that does not end before `line`.
    private func position(of line: Int) -> Int {
        var (low, high) = (0, self.ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if self.ranges[middle].upperBound < line { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
