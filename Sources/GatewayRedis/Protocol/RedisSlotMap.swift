/// Which server of a cluster has which slot, as far as that is known; empty where a server is alone.
struct RedisSlotMap {
    private var addresses: [RedisAddress] = []
    /// For each slot the place of its server in `addresses`, and one more; 0: not known.
    private var places: [UInt8] = []

    /// More servers than a cluster of ours has; what would be more is found by its redirections each time.
    static let addressesMax = 255

    var isEmpty: Bool { self.places.isEmpty }

    subscript(slot: Int) -> RedisAddress? {
        guard self.places.indices.contains(slot), self.places[slot] > 0 else { return nil }
        return self.addresses[Int(self.places[slot]) - 1]
    }

    func contains(_ address: RedisAddress) -> Bool { self.addresses.contains(address) }

    mutating func set(_ slots: ClosedRange<Int>, to address: RedisAddress) {
        guard slots.lowerBound >= 0, slots.upperBound < RedisSlot.count, let place = self.place(of: address) else {
            return
        }
        for slot in slots { self.places[slot] = place }
    }

    mutating func forget(_ slot: Int) {
        if self.places.indices.contains(slot) { self.places[slot] = 0 }
    }

    private mutating func place(of address: RedisAddress) -> UInt8? {
        if self.places.isEmpty { self.places = [UInt8](repeating: 0, count: RedisSlot.count) }
        if let index = self.addresses.firstIndex(of: address) { return UInt8(index + 1) }
        guard self.addresses.count < Self.addressesMax else { return nil }
        self.addresses.append(address)
        return UInt8(self.addresses.count)
    }

    init() {}

    /// What `CLUSTER SLOTS` says (https://redis.io/docs/latest/commands/cluster-slots/): ranges of slots, each with its
    /// primary before its replicas. Nil where the reply is another one.
    ///
    /// - Parameter host: the one that was asked: an address without a host is there.
    init?(_ reply: RedisReply, from host: String) {
        guard let ranges = reply.elements, !ranges.isEmpty, ranges.count <= RedisSlot.count else { return nil }
        for range in ranges {
            guard let parts = range.elements, parts.count >= 3, let first = parts[0].integer,
                let last = parts[1].integer, first >= 0, first <= last, last < RedisSlot.count,
                let server = parts[2].elements, server.count >= 2, let port = server[1].integer,
                (1...65_535).contains(port)
            else { return nil }
            let name = server[0].text ?? ""
            self.set(first...last, to: RedisAddress(host: name.isEmpty ? host : name, port: port))
        }
    }
}
