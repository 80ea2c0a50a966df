import Synchronization

/// Two counts over the last while, in ten buckets of time.
///
/// Any thread, without a lock: each bucket is one word, which holds the turn that it belongs to and both counts. What
/// is added while a bucket is made anew may be lost with what is not counted any more; nothing is ever counted twice.
struct SlidingWindow: ~Copyable, Sendable {
    struct Counts: Equatable {
        var first: UInt64 = 0
        var second: UInt64 = 0
    }

    private static let bucketCount: UInt64 = 10
    /// Each count has 24 bits: more than five million a second would be needed to fill a bucket of three seconds.
    private static let countBits: UInt64 = 24
    private static let countMask: UInt64 = (1 << 24) - 1
    /// The turn has the other 16 bits, and comes back after a week: a bucket that nobody has touched for exactly as
    /// long would be taken for a fresh one, once.
    private static let turnShift: UInt64 = 48

    private let bucketNanoseconds: UInt64
    private let buckets: InlineArray<10, Atomic<UInt64>> = InlineArray { _ in Atomic(0) }

    /// - Parameter nanoseconds: what all buckets together span.
    init(nanoseconds: UInt64) {
        self.bucketNanoseconds = max(1, nanoseconds / Self.bucketCount)
    }

    func add(first: UInt64 = 0, second: UInt64 = 0, now: UInt64) {
        let bucket = now / self.bucketNanoseconds
        let turn = (bucket / Self.bucketCount) & 0xFFFF
        let index = Int(bucket % Self.bucketCount)
        let added = first | second << Self.countBits
        let word = self.buckets[index].load(ordering: .relaxed)
        if word >> Self.turnShift == turn {
            self.buckets[index].wrappingAdd(added, ordering: .relaxed)
            return
        }
        let fresh = turn << Self.turnShift | added
        let (isFirst, _) = self.buckets[index].compareExchange(expected: word, desired: fresh, ordering: .relaxed)
        // Another worker has begun the bucket in between.
        if !isFirst { self.buckets[index].wrappingAdd(added, ordering: .relaxed) }
    }

    func counts(now: UInt64) -> Counts {
        let bucket = now / self.bucketNanoseconds
        let (turn, current) = ((bucket / Self.bucketCount) & 0xFFFF, Int(bucket % Self.bucketCount))
        var counts = Counts()
        for index in 0..<Int(Self.bucketCount) {
            let word = self.buckets[index].load(ordering: .relaxed)
            guard word >> Self.turnShift == (index <= current ? turn : (turn &- 1) & 0xFFFF) else { continue }
            counts.first += word & Self.countMask
            counts.second += word >> Self.countBits & Self.countMask
        }
        return counts
    }

    /// Forgets everything.
    func reset() {
        for index in 0..<Int(Self.bucketCount) { self.buckets[index].store(0, ordering: .relaxed) }
    }
}
