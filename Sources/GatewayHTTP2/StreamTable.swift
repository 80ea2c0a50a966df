/// What a session's owner keeps for each stream: a hash table for stream numbers.
///
/// Looked at several times for every request, so it costs a few instructions: stream numbers grow by two and few are
/// open at once, so that a number's own place in the table is nearly always its place. Holds its values until they
/// are removed. Confined to one event loop.
package struct StreamTable<Value> {
    /// 0, which is no stream's number here, stands for an empty place.
    private var numbers: [Int32]
    private var entries: [Value?]
    package private(set) var count = 0

    /// A power of two, and more than the streams that an ordinary connection has open.
    private static var initialCapacity: Int { 16 }

    package init() {
        self.numbers = Array(repeating: 0, count: Self.initialCapacity)
        self.entries = Array(repeating: nil, count: Self.initialCapacity)
    }

    package var isEmpty: Bool { self.count == 0 }

    /// Everything that is kept, in no particular order.
    package var values: [Value] { self.entries.compactMap { $0 } }

    /// What is kept for the stream; setting `nil` removes it. Stream 0 is the connection and never kept.
    package subscript(streamID: Int32) -> Value? {
        @inline(__always) get {
            guard let place = self.place(of: streamID) else { return nil }
            return self.entries[place]
        }
        set {
            guard let newValue else {
                self.removeValue(forKey: streamID)
                return
            }
            self.insert(newValue, for: streamID)
        }
    }

    /// Removes what is kept for the stream and returns it.
    @discardableResult
    package mutating func removeValue(forKey streamID: Int32) -> Value? {
        guard let found = self.place(of: streamID) else { return nil }
        var removed: Value?
        swap(&removed, &self.entries[found])
        self.numbers[found] = 0
        self.count -= 1
        self.closeGap(at: found)
        return removed
    }

    package mutating func removeAll() {
        self = StreamTable()
    }

    @inline(__always)
    private func home(of streamID: Int32) -> Int {
        Int(truncatingIfNeeded: UInt32(bitPattern: streamID) >> 1) & (self.numbers.count - 1)
    }

    @inline(__always)
    private func place(of streamID: Int32) -> Int? {
        guard streamID != 0 else { return nil }
        var place = self.home(of: streamID)
        // Never full, so the search ends at an empty place at the latest.
        while self.numbers[place] != streamID {
            guard self.numbers[place] != 0 else { return nil }
            place = (place + 1) & (self.numbers.count - 1)
        }
        return place
    }

    private mutating func insert(_ value: Value, for streamID: Int32) {
        guard streamID != 0 else { return }
        if let place = self.place(of: streamID) {
            self.entries[place] = value
            return
        }
        // At most half full, so that searches stay short.
        if self.count * 2 >= self.numbers.count { self.grow() }
        var place = self.home(of: streamID)
        while self.numbers[place] != 0 { place = (place + 1) & (self.numbers.count - 1) }
        self.numbers[place] = streamID
        self.entries[place] = value
        self.count += 1
    }

    private mutating func grow() {
        let numbers = self.numbers
        var entries = self.entries
        self.numbers = Array(repeating: 0, count: numbers.count * 2)
        self.entries = Array(repeating: nil, count: numbers.count * 2)
        self.count = 0
        for place in 0..<numbers.count where numbers[place] != 0 {
            var moved: Value?
            swap(&moved, &entries[place])
            if let moved { self.insert(moved, for: numbers[place]) }
        }
    }

    /// Moves up what would not be found any more behind an empty place.
    private mutating func closeGap(at gap: Int) {
        let mask = self.numbers.count - 1
        var gap = gap
        var place = (gap + 1) & mask
        while self.numbers[place] != 0 {
            // How far an entry is from its own place, and from the gap, going round.
            let distance = (place - self.home(of: self.numbers[place])) & mask
            if distance >= (place - gap) & mask {
                self.numbers.swapAt(gap, place)
                self.entries.swapAt(gap, place)
                gap = place
            }
            place = (place + 1) & mask
        }
    }
}
