/// Finds what somebody probably meant to write.
enum Suggestion {
    /// The candidate that is nearest to `word`, if any is near enough to be meant.
    ///
    /// Writing in another style (`base_url` for `baseURL`) counts as equal.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let wanted = Self.normalised(word)
        // Longer words are compared by nobody; this bounds the work for a hostile file.
        guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let distance = Self.distance(wanted, Self.normalised(candidate))
            if distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        guard let best else { return nil }
        // A third of the letters wrong is still a typing mistake, more is another word.
        return best.distance <= max(1, wanted.count / 3) ? best.candidate : nil
    }

    private static func normalised(_ word: String) -> [UInt8] {
        word.utf8.compactMap { byte in
            switch byte {
            case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: " "): nil
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            default: byte
            }
        }
    }

    /// Optimal string alignment: insertions, deletions, replacements and swapped neighbours count 1.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var rows = [Array(0...other.count)]
        for i in 0..<one.count {
            var row = [i + 1]
            for j in 0..<other.count {
                var cost = min(rows[i][j + 1] + 1, row[j] + 1)
                cost = min(cost, rows[i][j] + (one[i] == other[j] ? 0 : 1))
                if i > 0, j > 0, one[i] == other[j - 1], one[i - 1] == other[j] {
                    cost = min(cost, rows[i - 1][j - 1] + 1)
                }
                row.append(cost)
            }
            rows.append(row)
        }
        return rows[one.count][other.count]
    }
}
