extension JSONParser {
    /// Refuses an object in which two members have the same decoded name (RFC 8259 §4 leaves their meaning open).
    ///
    /// Called when the object closes. Linear in the number of members; each object's members are walked once.
    mutating func refuseDuplicates(in object: Int) throws(Fault) {
        var seen: UInt64 = 0
        var members = 0
        var hasCandidates = false
        var index = object &+ 1
        while index < self.count {
            let bit: UInt64 = 1 << UInt64(self.entries[index].link & 63)
            hasCandidates = hasCandidates || seen & bit != 0
            seen |= bit
            members &+= 1
            index = Int(self.entries[index &+ 1].link)
        }
        // No two names share six bits of their hashes: no two names are equal. True of most small objects.
        guard hasCandidates else { return }
        // Up to this many, comparing pairs (at most 120 comparisons of two words) beats preparing a table.
        if members <= 16 {
            try self.refuseDuplicatesPairwise(in: object)
        } else {
            try self.refuseDuplicatesByTable(in: object, members: members)
        }
    }

    private func refuseDuplicatesPairwise(in object: Int) throws(Fault) {
        var later = object &+ 1
        while later < self.count {
            var earlier = object &+ 1
            while earlier < later {
                try self.refuseEqual(earlier, later)
                earlier = Int(self.entries[earlier &+ 1].link)
            }
            later = Int(self.entries[later &+ 1].link)
        }
    }

    private mutating func refuseDuplicatesByTable(in object: Int, members: Int) throws(Fault) {
        // At most half full, so that runs of occupied places stay short. A power of two.
        let size = 1 << (Int.bitWidth - (members &* 2).leadingZeroBitCount)
        if self.tape.nameTable.count < size {
            self.tape.nameTable = [UInt32](repeating: 0, count: size)
        } else {
            for place in 0..<size { self.tape.nameTable[place] = 0 }
        }
        var index = object &+ 1
        while index < self.count {
            var place = Int(self.entries[index].link) & (size &- 1)
            // 0 means free: entry 0 is the root and never a name.
            while self.tape.nameTable[place] != 0 {
                try self.refuseEqual(Int(self.tape.nameTable[place]), index)
                place = (place &+ 1) & (size &- 1)
            }
            self.tape.nameTable[place] = UInt32(truncatingIfNeeded: index)
            index = Int(self.entries[index &+ 1].link)
        }
    }

    @inline(__always)
    private func refuseEqual(_ earlier: Int, _ later: Int) throws(Fault) {
        guard self.entries[earlier].link == self.entries[later].link, self.sameName(earlier, later) else { return }
        throw Fault(reason: .duplicateName, offset: Int(self.entries[later].start), duplicate: later)
    }

    private func sameName(_ one: Int, _ other: Int) -> Bool {
        self.decodedName(one) == self.decodedName(other)
    }

    private func decodedName(_ index: Int) -> [UInt8] {
        let entry = self.entries[index]
        var name: [UInt8] = []
        JSONEscapes.decode(self.content(from: Int(entry.start), to: Int(entry.end)), into: &name)
        return name
    }

    /// The hash of a name whose escapes have to be resolved first.
    func hashOfEscaped(from start: Int, to end: Int) -> UInt32 {
        var name: [UInt8] = []
        JSONEscapes.decode(self.content(from: start, to: end), into: &name)
        return name.withUnsafeBufferPointer { buffer in
            // Empty arrays may have no base address; an escaped name has at least one byte.
            guard let base = buffer.baseAddress else { return 0 }
            return JSONNameHash.hash(base, count: buffer.count, seed: self.seed)
        }
    }

    private func content(from start: Int, to end: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: self.base + start + 1, count: end &- start &- 2)
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
        return tokens.map { "/" + JSONPointer.escape($0) }.joined()
    }

    private func token(of value: Int, in container: Int) -> String {
        let isObject = self.entries[container].kind == .object
        var child = container + 1
        var position = 0
        while child < self.count {
            let childValue = isObject ? child + 1 : child
            if childValue == value {
                return isObject ? String(decoding: self.decodedName(child), as: UTF8.self) : String(position)
            }
            position += 1
            child = Int(self.entries[childValue].link)
        }
        return String(position)
    }
}
