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
    func code(in message: String) -> FieldErrorCode? {
        var message = message
        let isASCII = message.withUTF8 { $0.allSatisfy { $0 < 0x80 } }
        if !isASCII { message = message.lowercased() }
        let found = message.withUTF8 { bytes in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count) { lowered in
                for index in 0..<bytes.count {
                    let byte = bytes[index]
                    lowered.initializeElement(at: index, to: byte &- 0x41 < 26 ? byte | 0x20 : byte)
                }
                return self.first(in: UnsafeBufferPointer(lowered))
            }
        }
        return found < self.codes.count ? self.codes[found] : nil
    }

    /// The lowest row whose word occurs, or the number of rows.
    private func first(in text: UnsafeBufferPointer<UInt8>) -> Int {
        var best = self.codes.count
        if self.short >= 0 {
            let word = self.pool.view(self.rows[self.short].word)
            if word.isEmpty || text.contains(word[0]) { best = self.short }
        }
        var index = 0
        while index &+ 1 < text.count {
            var row = Int(self.buckets[Self.bucket(text[index], text[index &+ 1])])
            while row >= 0, row < best {
                let word = self.pool.view(self.rows[row].word)
                if word.count <= text.count &- index,
                    text[index..<(index &+ word.count)].elementsEqual(word)
                {
                    best = row
                }
                row = Int(self.rows[row].next)
            }
            index &+= 1
        }
        return best
    }
}
