/// A parsed text: its bytes and its entries, borrowed from a `JSONTape` and the caller.
///
/// Trivial to copy. Entry 0 is the root. An object's entries are its members' names, each followed by the
/// member's value; an array's are its elements. `next(after:)` leads behind a value and all it contains:
///
///     var index = object + 1
///     while index < view.next(after: object) {
///         // view[index] is the name, view[index + 1] the value
///         index = view.next(after: index + 1)
///     }
///
/// Subscripts are checked only in debug builds: indexes come from the tape itself, never from a peer.
@frozen @usableFromInline
package struct JSONView {
    @usableFromInline package let bytes: UnsafePointer<UInt8>
    @usableFromInline let entries: UnsafePointer<JSONEntry>
    @usableFromInline package let count: Int

    @inlinable
    init(bytes: UnsafePointer<UInt8>, entries: UnsafePointer<JSONEntry>, count: Int) {
        self.bytes = bytes
        self.entries = entries
        self.count = count
    }

    @inlinable @inline(__always)
    package subscript(index: Int) -> JSONEntry {
        assert(index >= 0 && index < self.count)
        return self.entries[index]
    }

    /// The index behind the value at `index` and all it contains.
    @inlinable @inline(__always)
    package func next(after index: Int) -> Int { Int(self[index].link) }

    /// The bytes of an entry as they stand in the text, quotes included.
    @inlinable @inline(__always)
    package func raw(_ entry: JSONEntry) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: self.bytes + Int(entry.start), count: entry.byteCount)
    }

    /// The bytes between a string's quotes, still escaped.
    @inlinable @inline(__always)
    package func content(_ entry: JSONEntry) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: self.bytes + Int(entry.start) + 1, count: entry.byteCount &- 2)
    }

    /// How many elements an array, or members an object, has. Walks them.
    package func childCount(of index: Int) -> Int {
        let step = self[index].kind == .object ? 1 : 0
        let end = self.next(after: index)
        var child = index + 1
        var count = 0
        while child < end {
            count += 1
            child = self.next(after: child + step)
        }
        return count
    }

    /// The index of the value of an object's member, or nil. Linear in the number of members.
    ///
    /// Compares decoded names; `name` is plain UTF-8.
    package func member(_ name: StaticString, of index: Int) -> Int? {
        name.withUTF8Buffer { self.member($0, of: index) }
    }

    /// The index of the value of an object's member, or nil, by name in UTF-8.
    package func member(_ name: UnsafeBufferPointer<UInt8>, of index: Int) -> Int? {
        guard self[index].kind == .object else { return nil }
        let end = self.next(after: index)
        var child = index + 1
        while child < end {
            if self.decodedContent(self[child], equals: name) { return child + 1 }
            child = self.next(after: child + 1)
        }
        return nil
    }

    /// The kind of the value at `index`, without reading the rest of its entry.
    @inlinable @inline(__always)
    package func kind(of index: Int) -> JSONKind {
        assert(index >= 0 && index < self.count)
        return (self.entries + index).pointee.kind
    }

    /// The seeded hash of the name at `index`, without reading the rest of its entry.
    @inlinable @inline(__always)
    package func hash(ofName index: Int) -> UInt32 {
        assert(index >= 0 && index < self.count)
        return (self.entries + index).pointee.link
    }

    /// Whether the decoded content of the string or name at `index` is exactly `expected`.
    ///
    /// A function of its own: it is nearly always asked when the hashes are the same already, and would be in the way
    /// of the loop that compares those.
    @inline(never)
    package func isContent(of index: Int, _ expected: UnsafeBufferPointer<UInt8>) -> Bool {
        assert(index >= 0 && index < self.count)
        let entry = self.entries + index
        guard !entry.pointee.isEscaped else { return self.escapedContent(entry.pointee, equals: expected) }
        let start = self.bytes + (Int(entry.pointee.start) &+ 1)
        return Self.areEqual(UnsafeBufferPointer(start: start, count: entry.pointee.byteCount &- 2), expected)
    }

    /// Whether a string's decoded content is exactly `expected`.
    @inlinable @inline(__always)
    package func decodedContent(_ entry: JSONEntry, equals expected: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !entry.isEscaped else { return self.escapedContent(entry, equals: expected) }
        return Self.areEqual(self.content(entry), expected)
    }

    /// Whether two runs of bytes are the same. Compares eight bytes at a time; the last eight are compared first.
    @inlinable @inline(__always)
    package static func areEqual(
        _ one: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        let count = one.count
        guard count == other.count else { return false }
        guard count > 0, let oneBase = one.baseAddress, let otherBase = other.baseAddress else { return true }
        let left = UnsafeRawPointer(oneBase)
        let right = UnsafeRawPointer(otherBase)
        if count >= 8 {
            let last = count &- 8
            var index = last
            var next = 0
            while true {
                guard
                    left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                        == right.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                else { return false }
                guard next < last else { return true }
                index = next
                next &+= 8
            }
        }
        if count >= 4 {
            return left.loadUnaligned(as: UInt32.self) == right.loadUnaligned(as: UInt32.self)
                && left.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
                    == right.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
        }
        return oneBase[0] == otherBase[0] && oneBase[count >> 1] == otherBase[count >> 1]
            && oneBase[count &- 1] == otherBase[count &- 1]
    }

    @usableFromInline @inline(never)
    func escapedContent(_ entry: JSONEntry, equals expected: UnsafeBufferPointer<UInt8>) -> Bool {
        self.decoded(entry).elementsEqual(expected)
    }

    /// A string's content with its escapes resolved, as UTF-8.
    package func decoded(_ entry: JSONEntry) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(entry.byteCount)
        self.decode(entry, into: &result)
        return result
    }

    /// Appends a string's content with its escapes resolved, as UTF-8.
    package func decode(_ entry: JSONEntry, into output: inout [UInt8]) {
        JSONEscapes.decode(self.content(entry), into: &output)
    }

    /// A string's content as a Swift string. Allocates: for messages and settings, not for carried values.
    package func string(_ entry: JSONEntry) -> String {
        String(decoding: self.decoded(entry), as: UTF8.self)
    }

    /// The number of Unicode scalar values in a string's decoded content, as JSON Schema counts lengths.
    package func scalarCount(_ entry: JSONEntry) -> Int {
        JSONEscapes.scalarCount(self.content(entry), isEscaped: entry.isEscaped)
    }
}
