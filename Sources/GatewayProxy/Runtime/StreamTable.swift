import GatewayHTTP2

/// What a connection keeps for each of its streams. Confined to one event loop.
final class StreamTable<Value> {
    private let slots = StreamSlots()
    private var entries: [Value?] = []

    var count: Int { self.slots.count }
    var isEmpty: Bool { self.slots.count == 0 }

    /// Everything that is kept, in no particular order.
    var values: [Value] { self.entries.compactMap { $0 } }

    /// What is kept for the stream.
    subscript(streamID: Int32) -> Value? {
        guard let slot = self.slots.slot(of: streamID) else { return nil }
        return self.entries[slot]
    }

    func hasValue(for streamID: Int32) -> Bool { self.slots.slot(of: streamID) != nil }

    /// Keeps `value` for the stream, instead of what was kept. Stream 0 is the connection: nothing is kept for it.
    func insert(_ value: consuming Value, for streamID: Int32) {
        guard streamID != 0 else { return }
        let slot = self.slots.take(streamID)
        if slot < self.entries.count {
            self.entries[slot] = value
        } else {
            while self.entries.count < slot { self.entries.append(nil) }
            self.entries.append(value)
        }
    }

    /// Removes what is kept for the stream and returns it.
    func removeValue(forKey streamID: Int32) -> Value? {
        guard let slot = self.slots.giveBack(streamID) else { return nil }
        var removed: Value?
        swap(&removed, &self.entries[slot])
        return removed
    }

    func removeAll() {
        self.slots.removeAll()
        self.entries.removeAll()
    }
}

extension StreamTable where Value: AnyObject {
    /// Whether `value` is what is kept for the stream.
    func holds(_ value: Value, for streamID: Int32) -> Bool {
        guard let slot = self.slots.slot(of: streamID) else { return false }
        return self.entries[slot] === value
    }
}
