/// "Did you mean …": the known name closest to a misspelled one.
package enum Suggestion {
    /// The candidate that differs least, if it differs little: in case, in `_`, `-` and spaces, or in up to a third of
    /// its letters. More is another word.
    ///
    /// Allocates nothing. A caller's names come here too: four letters at most may differ, and names longer than 64
    /// bytes get no suggestion, so that nobody can buy much work with a long one.
    package static func closest(to name: String, among candidates: [String]) -> String? {
        guard name.utf8.count <= self.bytesMax else { return nil }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: self.roomMax) { room in
            guard let base = room.baseAddress else { return nil }
            let folded = self.fold(name, into: base)
            guard !folded.isEmpty else { return nil }
            let limit = min(max(1, folded.count / 3), self.differencesMax)
            let (others, rows) = (base + self.bytesMax, base + 2 * self.bytesMax)
            var best: (name: String, distance: Int)?
            for candidate in candidates where candidate.utf8.count <= self.bytesMax {
                let other = self.fold(candidate, into: others)
                // Each letter that one has more than the other is a difference.
                guard abs(other.count - folded.count) <= limit,
                    let distance = self.distance(folded, other, limit: limit, rows), distance < (best?.distance ?? .max)
                else { continue }
                best = (candidate, distance)
            }
            return best?.name
        }
    }

    private static let bytesMax = 64
    private static let differencesMax = 4
    /// Two names, and three rows with a place more than a name has letters.
    private static let roomMax = 5 * 64 + 3

    private static func fold(_ name: String, into room: UnsafeMutablePointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var count = 0
        for byte in name.utf8 {
            guard let byte = self.folded(byte) else { continue }
            (room + count).initialize(to: byte)
            count += 1
        }
        return UnsafeBufferPointer(start: room, count: count)
    }

    /// Without case, `_`, `-` and spaces: what is left is the same however a name's style.
    package static func folded(_ name: String) -> [UInt8] { name.utf8.compactMap { self.folded($0) } }

    /// Whether `folded` is what `folded(name)` gives.
    package static func isFolded(_ name: UnsafeBufferPointer<UInt8>, _ folded: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = 0
        for byte in name {
            guard let byte = self.folded(byte) else { continue }
            guard position < folded.count, folded[position] == byte else { return false }
            position += 1
        }
        return position == folded.count
    }

    private static func folded(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: " "): nil
        default: byte
        }
    }

    /// Levenshtein's distance, with neighbours swapped counted once; nil where it is more than `limit`.
    ///
    /// Looks only at the places where that many differences can lead.
    private static func distance(
        _ one: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>, limit: Int,
        _ rows: UnsafeMutablePointer<UInt8>
    ) -> Int? {
        let far = UInt8(limit + 1)
        if one.isEmpty || other.isEmpty {
            let longer = max(one.count, other.count)
            return longer <= limit ? longer : nil
        }
        var beforeLast = rows
        var last = rows + self.bytesMax + 1
        var row = last + self.bytesMax + 1
        for j in 0...other.count { (last + j).initialize(to: min(far, UInt8(j))) }
        for i in 1...one.count {
            let (from, to) = (max(1, i - limit), min(other.count, i + limit))
            (row + from - 1).initialize(to: from == 1 ? min(far, UInt8(i)) : far)
            var least = row[from - 1]
            for j in from...max(from, to) {
                let cost: UInt8 = one[i - 1] == other[j - 1] ? 0 : 1
                var distance = min(row[j - 1] + 1, last[j] + 1, last[j - 1] + cost, far)
                if i > 1, j > 1, one[i - 1] == other[j - 2], one[i - 2] == other[j - 1] {
                    distance = min(distance, beforeLast[j - 2] + 1)
                }
                (row + j).initialize(to: distance)
                least = min(least, distance)
            }
            if to < other.count { (row + to + 1).initialize(to: far) }
            if least == far { return nil }
            (beforeLast, last, row) = (last, row, beforeLast)
        }
        return last[other.count] < far ? Int(last[other.count]) : nil
    }
}
