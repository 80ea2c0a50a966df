internal import CTextScan

/// One pass over one text, writing its entries to a tape. Iterative: depth costs no stack.
///
/// While a container is open, its entry's `link` holds its parent's index plus one (0 at the root), so no
/// separate stack is needed; on closing it becomes the index behind the container.
///
/// What the loop needs at every byte is in its own variables, so that it stays in registers; what happens rarely
/// is in functions of its own, outside of the loop's code.
struct JSONParser: ~Copyable {
    /// May be another one when a run goes on: the text must be the same.
    var base: UnsafePointer<UInt8>
    let length: Int
    let depthMax: Int
    let tape: JSONTape
    let seed: JSONNameHash.Seed
    var entries: UnsafeMutablePointer<JSONEntry>
    /// How many entries there are; set when the run ends.
    var count = 0
    /// The innermost open container's index plus one; 0 outside of all. Set when the run ends.
    var parent = 0
    /// With so many entries the run pauses, between two values.
    var pauseAt = Int.max
    /// Where a run that has paused goes on.
    private var index = 0
    private var depth = 0
    private var isObject = false
    /// Whether the text is known to be valid UTF-8; nil before the first run.
    private var isValid: Bool?

    /// What stops a parse. Positions become lines and columns only when an error is really reported.
    struct SyntaxError: Error {
        let reason: JSONErrorReason
        let offset: Int
        /// The name entry that is a duplicate.
        var duplicate: Int?
    }

    init(base: UnsafePointer<UInt8>, count: Int, depthMax: Int, tape: JSONTape) {
        self.base = base
        self.length = count
        self.depthMax = depthMax
        self.tape = tape
        self.seed = JSONNameHash.seed
        self.entries = tape.entries
    }

    /// - Returns: whether the text has been read to its end; otherwise the run has paused, and is to be gone on with.
    @discardableResult
    mutating func run(looksClosely: Bool) throws(SyntaxError) -> Bool {
        guard let isValid = self.isValid else {
            guard self.length < 3 || self.base[0] != 0xEF || self.base[1] != 0xBB || self.base[2] != 0xBF else {
                throw SyntaxError(reason: .byteOrderMark, offset: 0)
            }
            let isValid = !looksClosely && text_scan_is_utf8(self.base, self.length)
            self.isValid = isValid
            self.index = Self.behindWhitespace(self.base, from: 0, self.length)
            guard self.index < self.length else { throw SyntaxError(reason: .empty, offset: self.index) }
            return isValid ? try self.runOverValid() : try self.runOverAny()
        }
        return isValid ? try self.runOverValid() : try self.runOverAny()
    }

    // Two loops are made of one, so that each is without what only the other needs.

    @inline(never)
    private mutating func runOverValid() throws(SyntaxError) -> Bool { try self.run(isValid: true) }

    @inline(never)
    private mutating func runOverAny() throws(SyntaxError) -> Bool { try self.run(isValid: false) }

    /// `isValid` says that the text is known to be valid UTF-8: then its strings need no second look.

    @inline(__always)
    private mutating func run(isValid: Bool) throws(SyntaxError) -> Bool {
        let base = self.base
        let length = self.length
        let depthMax = self.depthMax
        let seed = self.seed
        let tape = self.tape
        var entries = self.entries
        // Of the tape, or as much of it as may be written before a pause.
        var capacity = min(tape.capacity, self.pauseAt)
        var count = self.count
        var parent = self.parent
        var depth = self.depth
        var isObject = self.isObject
        var index = self.index
        defer {
            self.entries = entries
            self.count = count
            self.parent = parent
        }
        value: while true {
            // At least two more: a member's name and its value.
            if count &+ 2 > capacity {
                guard capacity < self.pauseAt else {
                    (self.index, self.depth, self.isObject) = (index, depth, isObject)
                    return false
                }
                tape.grow(used: count)
                entries = tape.entries
                capacity = min(tape.capacity, self.pauseAt)
            }
            if isObject {
                let start = index
                guard base[start] == UInt8(ascii: "\"") else { throw SyntaxError(reason: .expectedName, offset: start) }
                let size = isValid ? Self.sizeOfShortName(base, from: start, length) : -1
                if size >= 0 {
                    let hash = Self.hash(base + (start &+ 1), size, seed)
                    (entries + count).initialize(
                        to: JSONEntry(kind: .name, start: start, end: start &+ size &+ 2, link: hash, isEscaped: false))
                    index = start &+ size &+ 3
                } else {
                    let (end, hash, isEscaped) = try Self.name(base, from: start, length, seed, isValid: isValid)
                    (entries + count).initialize(
                        to: JSONEntry(kind: .name, start: start, end: end, link: hash, isEscaped: isEscaped))
                    index = try Self.behindColon(base, from: end, length)
                }
                count &+= 1
            }
            if base[index] <= 0x20 {
                index = Self.endOfWhitespace(base, from: index, length)
                guard index < length else { throw Self.ended(length) }
            }
            let start = index
            let byte = base[start]
            if byte == UInt8(ascii: "\"") {
                let (end, isEscaped) = try Self.string(base, from: start, length, isValid: isValid)
                Self.append(.string, from: start, to: end, isEscaped: isEscaped, entries, &count)
                index = end
                // Nearly always the next member of a compact text, or the next text of an array.
                if index &+ 1 < length, Self.pair(base, at: index) == Self.commaAndQuote, parent != 0 {
                    index &+= 1
                    continue value
                }
            } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                guard depth < depthMax else {
                    throw SyntaxError(reason: .tooDeep(depthMax: depthMax), offset: start)
                }
                depth &+= 1
                isObject = byte == UInt8(ascii: "{")
                (entries + count).initialize(
                    to: JSONEntry(
                        kind: isObject ? .object : .array, start: start, end: 0,
                        link: UInt32(truncatingIfNeeded: parent), isEscaped: false))
                count &+= 1
                parent = count
                index = Self.behindWhitespace(base, from: start &+ 1, length)
                guard index < length else { throw Self.ended(length) }
                // The code of a closing bracket is two behind its opening one.
                if base[index] != byte &+ 2 { continue value }
            } else if byte &- 0x30 <= 9 || byte == UInt8(ascii: "-") {
                let end = Self.endOfPlainNumber(base, at: start, length)
                index = end > start ? end : try Self.endOfNumber(base, at: start, length)
                Self.append(.number, from: start, to: index, isEscaped: false, entries, &count)
            } else {
                let kind = try Self.literal(base, at: start, length)
                index = start &+ (kind == .false ? 5 : 4)
                Self.append(kind, from: start, to: index, isEscaped: false, entries, &count)
            }
            // Behind a value, or at the end of an empty container: closes containers, steps over a comma.
            while true {
                // As compact texts have it.
                if parent != 0, index &+ 1 < length, base[index] == UInt8(ascii: ","), base[index &+ 1] > 0x20 {
                    // Both closing brackets, with the bit set in which they differ.
                    guard base[index &+ 1] | 0x20 != UInt8(ascii: "}") else {
                        throw SyntaxError(reason: .trailingComma, offset: index)
                    }
                    index &+= 1
                    continue value
                }
                index = Self.behindWhitespace(base, from: index, length)
                guard parent != 0 else { break value }
                guard index < length else { throw Self.ended(length) }
                let byte = base[index]
                if byte == UInt8(ascii: ",") {
                    let comma = index
                    index = Self.behindWhitespace(base, from: comma &+ 1, length)
                    guard index < length else { throw Self.ended(length) }
                    let following = base[index]
                    if following == UInt8(ascii: "}") || following == UInt8(ascii: "]") {
                        throw SyntaxError(reason: .trailingComma, offset: comma)
                    }
                    continue value
                }
                guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    throw SyntaxError(
                        reason: isObject ? .expectedCommaOrBrace : .expectedCommaOrBracket, offset: index)
                }
                index &+= 1
                let container = parent &- 1
                if isObject { try Self.refuseDuplicates(in: container, entries, count, base, tape) }
                parent = Int(entries[container].link)
                entries[container].end = UInt32(truncatingIfNeeded: index)
                entries[container].link = UInt32(truncatingIfNeeded: count)
                depth &-= 1
                isObject = parent != 0 && entries[parent &- 1].kind == .object
            }
        }
        guard index == length else { throw SyntaxError(reason: .trailingBytes, offset: index) }
        return true
    }

    /// Where a member's value begins, from behind its name.
    @inline(never)
    private static func behindColon(
        _ base: UnsafePointer<UInt8>, from end: Int, _ length: Int
    ) throws(SyntaxError) -> Int {
        var index = self.behindWhitespace(base, from: end, length)
        guard index < length else { throw self.ended(length) }
        guard base[index] == UInt8(ascii: ":") else { throw SyntaxError(reason: .expectedColon, offset: index) }
        index = self.behindWhitespace(base, from: index &+ 1, length)
        guard index < length else { throw self.ended(length) }
        return index
    }

    /// `,"`, as `pair` reads it.
    static let commaAndQuote: UInt16 = 0x222C
    /// `":`, as `pair` reads it.
    static let quoteAndColon: UInt16 = 0x3A22

    /// Two bytes, of which the first is the lower half.
    @inline(__always)
    static func pair(_ base: UnsafePointer<UInt8>, at index: Int) -> UInt16 {
        UInt16(littleEndian: UnsafeRawPointer(base).loadUnaligned(fromByteOffset: index, as: UInt16.self))
    }

    /// Appends a scalar.
    @inline(__always)
    private static func append(
        _ kind: JSONKind, from start: Int, to end: Int, isEscaped: Bool,
        _ entries: UnsafeMutablePointer<JSONEntry>, _ count: inout Int
    ) {
        let following = UInt32(truncatingIfNeeded: count &+ 1)
        (entries + count).initialize(
            to: JSONEntry(kind: kind, start: start, end: end, link: following, isEscaped: isEscaped))
        count &+= 1
    }

    @inline(__always)
    private static func behindWhitespace(_ base: UnsafePointer<UInt8>, from start: Int, _ length: Int) -> Int {
        // Compact texts have none: one comparison.
        guard start < length, base[start] <= 0x20 else { return start }
        return self.endOfWhitespace(base, from: start, length)
    }

    @inline(never)
    private static func endOfWhitespace(_ base: UnsafePointer<UInt8>, from start: Int, _ length: Int) -> Int {
        var index = start
        while index < length {
            let byte = base[index]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return index }
            index &+= 1
        }
        return index
    }

    static func ended(_ length: Int) -> SyntaxError { SyntaxError(reason: .unexpectedEnd, offset: length) }
}
