import GatewayJSON

/// Writes a JSON text in one form, whatever the order of its members, its white space and its escapes; numbers stay as
/// they are spelled, because a caller that writes 1.0 instead of 1 may mean something by it.
///
/// Every value begins with its kind, every text with its length, every object with the number of its members: no two
/// values have the same bytes. In one walk over a parsed text. Owns what sorting needs; confined to one thread at a
/// time.
final class CanonicalBody {
    /// A member of an object that is being written: where its name is, and what sorts it nearly always.
    private struct Member {
        /// The first eight bytes of the name, the first one highest; zeros behind a shorter one.
        let prefix: UInt64
        let name: UInt32
    }

    /// Members of the objects that are open, the innermost last.
    private var members: [Member] = []

    /// Fewer members are sorted by inserting, which is quicker than anything else.
    private static let insertedMax = 24
    private static let keptMembersMax = 4096

    /// Appends the form of the value at `index` and all it contains.
    ///
    /// - Parameter textBytes: the length of the whole text, beyond which nothing is read.
    func append(_ view: JSONView, at index: Int, textBytes: Int, to output: CanonicalText) {
        output.reserve(textBytes + (CanonicalText.lengthBytesMax + 1) * (view.count + 1))
        self.write(view, index, textBytes, output)
        if self.members.capacity > Self.keptMembersMax { self.members = [] }
    }

    private func write(_ view: JSONView, _ index: Int, _ textBytes: Int, _ output: CanonicalText) {
        let entry = view[index]
        switch entry.kind {
        case .object:
            let first = self.members.count
            self.collect(view, index, textBytes)
            let count = self.members.count &- first
            self.sort(view, from: first)
            output.append(UInt8(ascii: "{"))
            output.append(length: count)
            for position in first..<first &+ count {
                let name = Int(self.members[position].name)
                self.write(text: view, view[name], output)
                self.write(view, name &+ 1, textBytes, output)
            }
            self.members.removeLast(count)
        case .array:
            output.append(UInt8(ascii: "["))
            let end = view.next(after: index)
            var element = index &+ 1
            while element < end {
                self.write(view, element, textBytes, output)
                element = view.next(after: element)
            }
            output.append(UInt8(ascii: "]"))
        case .string:
            output.append(UInt8(ascii: "\""))
            self.write(text: view, entry, output)
        default:
            let raw = view.raw(entry)
            output.append(UInt8(ascii: "="))
            output.append(length: raw.count)
            output.append(bytes: raw)
        }
    }

    @inline(__always)
    private func write(text view: JSONView, _ entry: JSONEntry, _ output: CanonicalText) {
        let content = view.content(entry)
        guard !entry.isEscaped else {
            return output.append(countMax: content.count) { JSONEscapes.decode(content, to: $0) }
        }
        output.append(length: content.count)
        output.append(bytes: content)
    }

    // MARK: Order

    private func collect(_ view: JSONView, _ object: Int, _ textBytes: Int) {
        let end = view.next(after: object)
        var name = object &+ 1
        while name < end {
            self.members.append(
                Member(prefix: Self.prefix(view, view[name], textBytes), name: UInt32(truncatingIfNeeded: name)))
            name = view.next(after: name &+ 1)
        }
    }

    private static func prefix(_ view: JSONView, _ entry: JSONEntry, _ textBytes: Int) -> UInt64 {
        let content = view.content(entry)
        if entry.isEscaped { return self.prefix(view.decoded(entry)) }
        guard let base = content.baseAddress, Int(entry.start) &+ 9 <= textBytes else { return self.prefix(content) }
        let word = UInt64(bigEndian: UnsafeRawPointer(base).loadUnaligned(as: UInt64.self))
        return content.count >= 8 ? word : word & ~(UInt64.max >> UInt64(8 &* content.count))
    }

    private static func prefix(_ name: some Collection<UInt8>) -> UInt64 {
        var word: UInt64 = 0
        var shift: UInt64 = 56
        for byte in name.prefix(8) {
            word |= UInt64(byte) << shift
            shift &-= 8
        }
        return word
    }

    /// By the bytes of the names; a parser has made sure that no two are the same.
    private func sort(_ view: JSONView, from first: Int) {
        guard self.members.count &- first <= Self.insertedMax else {
            self.members[first...].sort { Self.isBefore($0, $1, view) }
            return
        }
        self.members.withUnsafeMutableBufferPointer { members in
            var next = first &+ 1
            while next < members.count {
                let member = members[next]
                var place = next
                while place > first, Self.isBefore(member, members[place &- 1], view) {
                    members[place] = members[place &- 1]
                    place &-= 1
                }
                members[place] = member
                next &+= 1
            }
        }
    }

    @inline(__always)
    private static func isBefore(_ one: Member, _ other: Member, _ view: JSONView) -> Bool {
        one.prefix == other.prefix ? self.isBeforeInFull(one, other, view) : one.prefix < other.prefix
    }

    @inline(never)
    private static func isBeforeInFull(_ one: Member, _ other: Member, _ view: JSONView) -> Bool {
        let (one, other) = (view[Int(one.name)], view[Int(other.name)])
        guard one.isEscaped || other.isEscaped else {
            return view.content(one).lexicographicallyPrecedes(view.content(other))
        }
        return view.decoded(one).lexicographicallyPrecedes(view.decoded(other))
    }
}
