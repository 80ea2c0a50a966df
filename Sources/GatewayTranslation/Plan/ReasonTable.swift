/// Words in a vendor's message, and what they say: the first of the list that occurs anywhere counts.
///
/// All are looked for in one pass over the message, by the two bytes that they start with. Immutable.
final class ReasonTable: Sendable {
    private struct Row: BitwiseCopyable {
        let word: PooledBytes
        /// The next row of the same bucket, or -1. Rising.
        var next: Int32
    }

    private let rows: FrozenBuffer<Row>
    /// The first row of each bucket, or -1.
    private let buckets: FrozenBuffer<Int32>
    private let pool: FrozenBuffer<UInt8>
    /// Each byte's lower case.
    private let lower = FrozenBuffer<UInt8>((UInt8.min...UInt8.max).map { ReasonTable.lowered($0) })
    private let codes: [FieldErrorCode]
    /// The first word that is too short for a bucket, or -1.
    private let short: Int

    /// `words` are in lower case.
    init(_ words: [(contains: String, code: FieldErrorCode)]) {
        var pool = BytePoolBuilder()
        var rows = words.map { Row(word: pool.add($0.contains.utf8), next: -1) }
        var buckets = [Int32](repeating: -1, count: 256)
        var short = -1
        for (index, word) in words.enumerated().reversed() {
            let bytes = Array(word.contains.utf8)
            guard bytes.count >= 2 else {
                short = index
                continue
            }
            let bucket = Self.bucket(bytes[0], bytes[1])
            rows[index].next = buckets[bucket]
            buckets[bucket] = Int32(index)
        }
        self.rows = FrozenBuffer(rows)
        self.buckets = FrozenBuffer(buckets)
        self.pool = FrozenBuffer(pool.bytes)
        self.codes = words.map(\.code)
        self.short = short
    }

    @inline(__always)
    private static func bucket(_ first: UInt8, _ second: UInt8) -> Int { Int(first &* 31 &+ second) }

    /// What a message says, without regard to case; nil where no word of the list occurs.
    func code(in message: UnsafeBufferPointer<UInt8>) -> FieldErrorCode? {
        var all: UInt8 = 0
        for byte in message { all |= byte }
        guard all >= 0x80 else { return self.first(in: message) }
        var lowered = String(decoding: message, as: UTF8.self).lowercased()
        return lowered.withUTF8 { self.first(in: $0) }
    }

    /// The code of the lowest row whose word occurs, without regard to the case of ASCII letters.
    private func first(in text: UnsafeBufferPointer<UInt8>) -> FieldErrorCode? {
        var best = self.codes.count
        if self.short >= 0 {
            let word = self.pool.view(self.rows[self.short].word)
            if word.isEmpty || text.contains(where: { Self.lowered($0) == word[0] }) { best = self.short }
        }
        if text.count >= 2, let base = text.baseAddress {
            let buckets = self.buckets.base
            let lower = self.lower.base
            var previous = lower[Int(base.pointee)]
            var byte = base + 1
            let end = base + text.count
            while byte < end {
                let current = lower[Int(byte.pointee)]
                let row = buckets[Self.bucket(previous, current)]
                if row >= 0 { self.look(Int(row), at: base.distance(to: byte) &- 1, in: text, &best) }
                previous = current
                byte += 1
            }
        }
        return best < self.codes.count ? self.codes[best] : nil
    }

    /// Looks whether a word of a bucket occurs at one place, and is better than the best so far.
    @inline(never)
    private func look(_ first: Int, at place: Int, in text: UnsafeBufferPointer<UInt8>, _ best: inout Int) {
        guard let base = text.baseAddress else { return }
        let lower = self.lower.base
        let start = base + place
        var row = first
        while row >= 0, row < best {
            let word = self.pool.view(self.rows[row].word)
            if word.count <= text.count &- place {
                // The first two bytes are those of the bucket, or two of the same sum: compared like the others.
                var offset = 0
                while offset < word.count, lower[Int(start[offset])] == word[offset] { offset &+= 1 }
                if offset == word.count { best = row }
            }
            row = Int(self.rows[row].next)
        }
    }

    @inline(__always)
    private static func lowered(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}
