extension JSONParser {
    /// From so many members on, each is looked up in a table rather than compared with all before it.
    private static let tableMin = 16

    /// Refuses an object in which two members have the same decoded name (RFC 8259 §4 leaves their meaning open).
    ///
    /// Called when the object closes. Linear in the number of members; each object's members are walked once.
    @inline(__always)
    static func refuseDuplicates(
        in object: Int, _ entries: UnsafeMutablePointer<JSONEntry>, _ count: Int,
        _ base: UnsafePointer<UInt8>, _ tape: JSONTape
    ) throws(SyntaxError) {
        var seen: UInt64 = 0
        var members = 0
        var index = object &+ 1
        while index < count {
            let bit: UInt64 = 1 &<< UInt64(entries[index].link & 63)
            // Two names that share no six bits of their hashes are not equal: true of most names of small objects.
            if seen & bit != 0 {
                guard members <= Self.tableMin else {
                    try self.refuseDuplicatesByTable(in: object, entries, count, base, tape)
                    return
                }
                try self.refuse(index, ifIn: object, entries, base)
            }
            seen |= bit
            members &+= 1
            index = Int(entries[index &+ 1].link)
        }
    }

    /// Compares one name with all before it.
    @inline(never)
    private static func refuse(
        _ later: Int, ifIn object: Int, _ entries: UnsafeMutablePointer<JSONEntry>, _ base: UnsafePointer<UInt8>
    ) throws(SyntaxError) {
        var earlier = object &+ 1
        while earlier < later {
            try self.refuseEqual(earlier, later, entries, base)
            earlier = Int(entries[earlier &+ 1].link)
        }
    }

    @inline(never)
    private static func refuseDuplicatesByTable(
        in object: Int, _ entries: UnsafeMutablePointer<JSONEntry>, _ count: Int,
        _ base: UnsafePointer<UInt8>, _ tape: JSONTape
    ) throws(SyntaxError) {
        var members = 0
        var index = object &+ 1
        while index < count {
            members &+= 1
            index = Int(entries[index &+ 1].link)
        }
        // At most half full, so that runs of occupied places stay short. A power of two.
        let size = 1 << (Int.bitWidth - (members &* 2).leadingZeroBitCount)
        let table = tape.clearedNameTable(size)
        index = object &+ 1
        while index < count {
            var place = Int(entries[index].link) & (size &- 1)
            // 0 means free: entry 0 is the root and never a name.
            while table[place] != 0 {
                try self.refuseEqual(Int(table[place]), index, entries, base)
                place = (place &+ 1) & (size &- 1)
            }
            table[place] = UInt32(truncatingIfNeeded: index)
            index = Int(entries[index &+ 1].link)
        }
    }

    @inline(__always)
    private static func refuseEqual(
        _ earlier: Int, _ later: Int, _ entries: UnsafeMutablePointer<JSONEntry>, _ base: UnsafePointer<UInt8>
    ) throws(SyntaxError) {
        guard entries[earlier].link == entries[later].link else { return }
        guard self.decodedName(entries[earlier], base) == self.decodedName(entries[later], base) else { return }
        throw SyntaxError(reason: .duplicateName, offset: Int(entries[later].start), duplicate: later)
    }

    private static func decodedName(_ entry: JSONEntry, _ base: UnsafePointer<UInt8>) -> [UInt8] {
        var name: [UInt8] = []
        JSONEscapes.decode(self.content(base, from: Int(entry.start), to: Int(entry.end)), into: &name)
        return name
    }

    /// The hash of a name whose escapes have to be resolved first.
    @inline(never)
    static func hashOfEscaped(
        _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, _ seed: JSONNameHash.Seed
    ) -> UInt32 {
        var name: [UInt8] = []
        JSONEscapes.decode(self.content(base, from: start, to: end), into: &name)
        return name.withUnsafeBufferPointer { buffer in
            // Empty arrays may have no base address; an escaped name has at least one byte.
            guard let base = buffer.baseAddress else { return 0 }
            return JSONNameHash.hash(base, count: buffer.count, seed: seed)
        }
    }

    private static func content(
        _ base: UnsafePointer<UInt8>, from start: Int, to end: Int
    ) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: base + start + 1, count: end &- start &- 2)
    }

    /// The pointer of the member whose name is at `index`, inside containers that may still be open.
    func pointer(ofName index: Int) -> String {
        // The innermost open container owns the name; walking up through `link` gives its ancestors.
        var containers: [Int] = []
        var container = self.parent
        while container != 0 {
            containers.append(container &- 1)
            container = Int(self.entries[container &- 1].link)
        }
        containers.reverse()
        var tokens: [String] = []
        for (position, container) in containers.enumerated() {
            let target = position + 1 < containers.count ? containers[position + 1] : index + 1
            tokens.append(self.token(of: target, in: container))
        }
        var pointer = ""
        for token in tokens {
            guard pointer.utf8.count < JSONPointer.bytesMax else { return pointer + "/…" }
            pointer += "/" + JSONPointer.abridged(token)
        }
        return pointer
    }

    private func token(of value: Int, in container: Int) -> String {
        let isObject = self.entries[container].kind == .object
        var child = container + 1
        var position = 0
        while child < self.count {
            let childValue = isObject ? child + 1 : child
            if childValue == value {
                guard isObject else { return String(position) }
                return String(decoding: Self.decodedName(self.entries[child], self.base), as: UTF8.self)
            }
            position += 1
            child = Int(self.entries[childValue].link)
        }
        return String(position)
    }
}
