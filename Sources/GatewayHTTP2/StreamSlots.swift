/// Gives each stream of a session a slot, a small number, in which its owner keeps what belongs to it.
///
/// Looked at several times for every request, so it is a hash table made for stream numbers and costs a few
/// instructions; few are open at once, so that a number's own place is nearly always free for it.
/// Slots are used again, the last one given back first. A class with storage of its own, because what belongs to it
/// would be retained for every look otherwise. Confined to one event loop.
package final class StreamSlots {
    private struct Entry {
        /// 0, which is the connection and has no slot, stands for an empty place.
        var streamID: Int32 = 0
        var slot: Int32 = 0
    }

    private var entries: UnsafeMutablePointer<Entry>
    /// A power of two.
    private var capacity: Int
    /// Slots that have been given back, as a stack. There are at most as many as streams that had one at once, which is
    /// half the capacity.
    private var free: UnsafeMutablePointer<Int32>
    private var freeCount = 0
    private var slotsGiven: Int32 = 0
    /// How many streams have a slot.
    package private(set) var count = 0

    /// A power of two, and twice the streams that an ordinary connection has open.
    private static let initialCapacity = 16

    package init() {
        self.capacity = Self.initialCapacity
        (self.entries, self.free) = Self.storage(Self.initialCapacity)
    }

    deinit {
        self.entries.deallocate()
        self.free.deallocate()
    }

    private static func storage(_ capacity: Int) -> (UnsafeMutablePointer<Entry>, UnsafeMutablePointer<Int32>) {
        let entries = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
        entries.initialize(repeating: Entry(), count: capacity)
        return (entries, .allocate(capacity: capacity / 2))
    }

    /// The stream's slot, if it has one.
    package func slot(of streamID: Int32) -> Int? {
        guard let place = self.place(of: streamID) else { return nil }
        return Int(self.entries[place].slot)
    }

    /// The stream's slot; a stream that has none gets one, at most one beyond those that were in use at once.
    package func take(_ streamID: Int32) -> Int {
        if let slot = self.slot(of: streamID) { return slot }
        // At most half full, so that searches stay short.
        if self.count * 2 >= self.capacity { self.grow() }
        let slot: Int32
        if self.freeCount > 0 {
            self.freeCount &-= 1
            slot = self.free[self.freeCount]
        } else {
            slot = self.slotsGiven
            self.slotsGiven += 1
        }
        self.put(Entry(streamID: streamID, slot: slot))
        self.count &+= 1
        return Int(slot)
    }

    /// Takes the stream's slot back; the result is the slot.
    package func giveBack(_ streamID: Int32) -> Int? {
        guard let place = self.place(of: streamID) else { return nil }
        let slot = self.entries[place].slot
        self.entries[place] = Entry()
        self.count &-= 1
        self.free[self.freeCount] = slot
        self.freeCount &+= 1
        self.closeGap(at: place)
        return Int(slot)
    }

    /// Takes all slots back.
    package func removeAll() {
        self.entries.update(repeating: Entry(), count: self.capacity)
        self.freeCount = 0
        self.slotsGiven = 0
        self.count = 0
    }

    private func home(of streamID: Int32) -> Int {
        // Neighbouring numbers are spread (Knuth's multiplier, the golden ratio of 32 bits), so that what is behind a
        // place that becomes empty is rarely in the wrong place.
        let spread = (UInt32(bitPattern: streamID) >> 1) &* 0x9E37_79B1
        return Int(truncatingIfNeeded: spread >> 12) & (self.capacity &- 1)
    }

    private func place(of streamID: Int32) -> Int? {
        guard streamID != 0 else { return nil }
        var place = self.home(of: streamID)
        // Never full, so the search ends at an empty place at the latest.
        while self.entries[place].streamID != streamID {
            guard self.entries[place].streamID != 0 else { return nil }
            place = (place + 1) & (self.capacity &- 1)
        }
        return place
    }

    private func put(_ entry: Entry) {
        var place = self.home(of: entry.streamID)
        while self.entries[place].streamID != 0 { place = (place &+ 1) & (self.capacity &- 1) }
        self.entries[place] = entry
    }

    private func grow() {
        let old = (entries: self.entries, free: self.free, capacity: self.capacity)
        self.capacity *= 2
        (self.entries, self.free) = Self.storage(self.capacity)
        for place in 0..<old.capacity where old.entries[place].streamID != 0 { self.put(old.entries[place]) }
        self.free.update(from: old.free, count: self.freeCount)
        old.entries.deallocate()
        old.free.deallocate()
    }

    /// Moves up what would not be found any more behind an empty place.
    private func closeGap(at gap: Int) {
        let mask = self.capacity &- 1
        var gap = gap
        var place = (gap + 1) & mask
        while self.entries[place].streamID != 0 {
            // How far an entry is from its own place, and from the gap, going round.
            let distance = (place - self.home(of: self.entries[place].streamID)) & mask
            if distance >= (place - gap) & mask {
                self.entries[gap] = self.entries[place]
                self.entries[place] = Entry()
                gap = place
            }
            place = (place + 1) & mask
        }
    }
}
