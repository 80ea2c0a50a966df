import GatewayHTTP2

/// What a connection keeps for each of its streams. Confined to one event loop.
struct StreamTable<Value> {
    private var slots = StreamSlots()
    private var entries: [Value?] = []

    var count: Int { self.slots.count }
    var isEmpty: Bool { self.slots.count == 0 }

    /// Everything that is kept, in no particular order.
    var values: [Value] { self.entries.compactMap { $0 } }

    /// What is kept for the stream; setting `nil` removes it. Stream 0 is the connection: nothing is kept for it.
    subscript(streamID: Int32) -> Value? {
        get {
            guard let slot = self.slots.slot(of: streamID) else { return nil }
            return self.entries[slot]
        }
        set {
            guard let newValue, streamID != 0 else {
                self.removeValue(forKey: streamID)
                return
            }
            let slot = self.slots.take(streamID)
            while self.entries.count <= slot { self.entries.append(nil) }
            self.entries[slot] = newValue
        }
    }

    /// Removes what is kept for the stream and returns it.
    @discardableResult
    mutating func removeValue(forKey streamID: Int32) -> Value? {
        guard let slot = self.slots.giveBack(streamID) else { return nil }
        var removed: Value?
        swap(&removed, &self.entries[slot])
        return removed
    }

    mutating func removeAll() {
        self = StreamTable()
    }
}
