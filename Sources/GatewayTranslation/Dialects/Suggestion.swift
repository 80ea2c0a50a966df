/// "Did you mean …": the known name closest to a misspelled one.
enum Suggestion {
    /// The candidate that differs least, if it differs little: in case, in `_` and `-`, or in up to two letters
    /// (one, where the name has fewer than five).
    ///
    /// Names longer than 64 bytes get no suggestion, so that a caller cannot buy much work with a long name.
    static func closest(to name: String, among candidates: [String]) -> String? {
        guard name.utf8.count <= 64 else { return nil }
        let folded = self.folded(name)
        if let same = candidates.first(where: { self.folded($0) == folded }) { return same }
        let limit = folded.count < 5 ? 1 : 2
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let other = self.folded(candidate)
            // Each letter that one has more than the other is a difference.
            guard abs(other.count - folded.count) <= limit else { continue }
            let distance = self.distance(folded, other)
            if distance <= limit, distance < (best?.distance ?? .max) { best = (candidate, distance) }
        }
        return best?.name
    }

    /// Lower-case letters and digits only.
    static func folded(_ name: String) -> [UInt8] { name.utf8.compactMap { self.folded($0) } }

    /// Whether `folded` is what `folded(name)` gives.
    static func isFolded(_ name: UnsafeBufferPointer<UInt8>, _ folded: UnsafeBufferPointer<UInt8>) -> Bool {
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

    /// Levenshtein's distance, with neighbours swapped counted once.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        if one.isEmpty || other.isEmpty { return max(one.count, other.count) }
        var beforeLast: [Int] = []
        var last = Array(0...other.count)
        for i in 1...one.count {
            var row = [i]
            for j in 1...other.count {
                let cost = one[i - 1] == other[j - 1] ? 0 : 1
                var least = min(row[j - 1] + 1, last[j] + 1, last[j - 1] + cost)
                if i > 1, j > 1, one[i - 1] == other[j - 2], one[i - 2] == other[j - 1] {
                    least = min(least, beforeLast[j - 2] + 1)
                }
                row.append(least)
            }
            beforeLast = last
            last = row
        }
        return last[other.count]
    }
}
