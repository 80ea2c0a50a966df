/// One pass over one text, writing its entries to a tape. Iterative: depth costs no stack.
///
/// While a container is open, its entry's `link` holds its parent's index plus one (0 at the root), so no
/// separate stack is needed; on closing it becomes the index behind the container.
struct JSONParser: ~Copyable {
    let base: UnsafePointer<UInt8>
    let length: Int
    let depthMax: Int
    let tape: JSONTape
    let seed: UInt64
    var entries: UnsafeMutablePointer<JSONEntry>
    var capacity: Int
    var count = 0
    var index = 0
    /// The innermost open container's index plus one; 0 outside of all.
    var parent = 0
    var depth = 0

    /// What stops a parse. Positions become lines and columns only when an error is really reported.
    struct Fault: Error {
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
        self.capacity = tape.capacity
    }

    mutating func run() throws(Fault) {
        if self.length >= 3, self.base[0] == 0xEF, self.base[1] == 0xBB, self.base[2] == 0xBF {
            throw Fault(reason: .byteOrderMark, offset: 0)
        }
        self.skipWhitespace()
        guard self.index < self.length else { throw Fault(reason: .empty, offset: self.index) }
        repeat {
            try self.value()
        } while try self.advance()
        guard self.index == self.length else { throw Fault(reason: .trailingBytes, offset: self.index) }
    }

    /// Reads a scalar, or opens containers until a scalar or an empty container is reached.
    private mutating func value() throws(Fault) {
        while true {
            guard self.index < self.length else { throw self.ended() }
            let start = self.index
            switch self.base[start] {
            case UInt8(ascii: "\""):
                let isEscaped = try self.string()
                self.append(.string, from: start, isEscaped: isEscaped)
                return
            case UInt8(ascii: "{"):
                try self.open(.object)
                guard self.index < self.length else { throw self.ended() }
                if self.base[self.index] == UInt8(ascii: "}") {
                    try self.close()
                    return
                }
                try self.name()
            case UInt8(ascii: "["):
                try self.open(.array)
                guard self.index < self.length else { throw self.ended() }
                if self.base[self.index] == UInt8(ascii: "]") {
                    try self.close()
                    return
                }
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                try self.number()
                self.append(.number, from: start, isEscaped: false)
                return
            case UInt8(ascii: "t"):
                try self.literal("true", .true)
                return
            case UInt8(ascii: "f"):
                try self.literal("false", .false)
                return
            case UInt8(ascii: "n"):
                try self.literal("null", .null)
                return
            default:
                throw self.notAValue()
            }
        }
    }

    /// Behind a value: closes containers, steps over a comma. False when the root is complete.
    private mutating func advance() throws(Fault) -> Bool {
        while true {
            self.skipWhitespace()
            guard self.parent != 0 else { return false }
            guard self.index < self.length else { throw self.ended() }
            let isObject = self.entries[self.parent &- 1].kind == .object
            let byte = self.base[self.index]
            if byte == UInt8(ascii: ",") {
                let comma = self.index
                self.index &+= 1
                self.skipWhitespace()
                guard self.index < self.length else { throw self.ended() }
                let following = self.base[self.index]
                if following == UInt8(ascii: "}") || following == UInt8(ascii: "]") {
                    throw Fault(reason: .trailingComma, offset: comma)
                }
                if isObject { try self.name() }
                return true
            }
            guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                throw Fault(
                    reason: isObject ? .expectedCommaOrBrace : .expectedCommaOrBracket, offset: self.index)
            }
            try self.close()
        }
    }

    private mutating func open(_ kind: JSONKind) throws(Fault) {
        guard self.depth < self.depthMax else {
            throw Fault(reason: .tooDeep(depthMax: self.depthMax), offset: self.index)
        }
        self.depth &+= 1
        self.push(
            JSONEntry(
                kind: kind, start: self.index, end: 0, link: UInt32(truncatingIfNeeded: self.parent), isEscaped: false))
        self.parent = self.count
        self.index &+= 1
        self.skipWhitespace()
    }

    private mutating func close() throws(Fault) {
        self.index &+= 1
        let container = self.parent &- 1
        if self.entries[container].kind == .object {
            try self.refuseDuplicates(in: container)
        }
        self.parent = Int(self.entries[container].link)
        self.entries[container].end = UInt32(truncatingIfNeeded: self.index)
        self.entries[container].link = UInt32(truncatingIfNeeded: self.count)
        self.depth &-= 1
    }

    /// Reads a member's name, the colon, and the white space up to its value.
    private mutating func name() throws(Fault) {
        let start = self.index
        guard self.base[start] == UInt8(ascii: "\"") else {
            throw Fault(reason: .expectedName, offset: start)
        }
        let isEscaped = try self.string()
        let hash = isEscaped
            ? self.hashOfEscaped(from: start, to: self.index)
            : JSONNameHash.hash(self.base + start + 1, count: self.index &- start &- 2, seed: self.seed)
        self.push(JSONEntry(kind: .name, start: start, end: self.index, link: hash, isEscaped: isEscaped))
        self.skipWhitespace()
        guard self.index < self.length else { throw self.ended() }
        guard self.base[self.index] == UInt8(ascii: ":") else {
            throw Fault(reason: .expectedColon, offset: self.index)
        }
        self.index &+= 1
        self.skipWhitespace()
    }

    @inline(__always)
    mutating func append(_ kind: JSONKind, from start: Int, isEscaped: Bool) {
        let following = UInt32(truncatingIfNeeded: self.count &+ 1)
        self.push(JSONEntry(kind: kind, start: start, end: self.index, link: following, isEscaped: isEscaped))
    }

    @inline(__always)
    private mutating func push(_ entry: JSONEntry) {
        if self.count == self.capacity {
            self.tape.grow(used: self.count)
            self.entries = self.tape.entries
            self.capacity = self.tape.capacity
        }
        (self.entries + self.count).initialize(to: entry)
        self.count &+= 1
    }

    @inline(__always)
    mutating func skipWhitespace() {
        while self.index < self.length {
            let byte = self.base[self.index]
            guard byte <= 0x20 else { return }
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            self.index &+= 1
        }
    }

    func ended() -> Fault { Fault(reason: .unexpectedEnd, offset: self.length) }
}
