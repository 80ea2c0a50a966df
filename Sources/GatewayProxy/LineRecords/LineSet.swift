/// Which of the 128 lines of a block: a small set that is written in as few bytes as its kind takes. A value.
struct LineSet: Equatable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    /// Lines of a block. A sum of eight bytes for so many takes 64 KB for a million lines.
    static let size = 128

    /// - Parameter member: below `size`; what is not is in no set.
    func contains(_ member: Int) -> Bool {
        (member < 64 ? self.low >> UInt64(member) : self.high >> UInt64(member & 63)) & 1 == 1
    }

    mutating func insert(_ member: Int) {
        if member < 64 { self.low |= 1 << UInt64(member) } else { self.high |= 1 << UInt64(member & 63) }
    }

    mutating func remove(_ member: Int) {
        if member < 64 { self.low &= ~(1 << UInt64(member)) } else { self.high &= ~(1 << UInt64(member & 63)) }
    }

    var isEmpty: Bool { self.low == 0 && self.high == 0 }
    var isFull: Bool { self.low == .max && self.high == .max }
    var count: Int { self.low.nonzeroBitCount + self.high.nonzeroBitCount }
    /// The greatest member; nil where it is empty.
    var last: Int? {
        if self.high != 0 { return 127 - self.high.leadingZeroBitCount }
        return self.low != 0 ? 63 - self.low.leadingZeroBitCount : nil
    }

    mutating func formIntersection(_ other: LineSet) {
        self.low &= other.low
        self.high &= other.high
    }

    func subtracting(_ other: LineSet) -> LineSet {
        var rest = self
        rest.low &= ~other.low
        rest.high &= ~other.high
        return rest
    }

    private var complement: LineSet {
        var rest = LineSet()
        (rest.low, rest.high) = (~self.low, ~self.high)
        return rest
    }

    // MARK: Bytes

    private enum Kind: UInt8 { case empty, full, present, absent, bits }
    /// As many members are cheaper named than drawn.
    private static let namedMax = 14

    /// Appends the kind, and what it takes: nothing, a few members, or all bits.
    func append(to bytes: inout [UInt8]) {
        if self.isEmpty { return bytes.append(Kind.empty.rawValue) }
        if self.isFull { return bytes.append(Kind.full.rawValue) }
        let rest = self.complement
        if self.count <= Self.namedMax {
            self.appendNamed(.present, to: &bytes)
        } else if rest.count <= Self.namedMax {
            rest.appendNamed(.absent, to: &bytes)
        } else {
            bytes.append(Kind.bits.rawValue)
            for word in [self.low, self.high] {
                withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
            }
        }
    }

    private func appendNamed(_ kind: Kind, to bytes: inout [UInt8]) {
        bytes.append(kind.rawValue)
        bytes.append(UInt8(clamping: self.count))
        for member in 0..<Self.size where self.contains(member) { bytes.append(UInt8(member)) }
    }

    /// Takes what `append` has written; nil where it has not.
    init?(from rest: inout ArraySlice<UInt8>) {
        guard let kind = rest.popFirst().flatMap(Kind.init) else { return nil }
        switch kind {
        case .empty: break
        case .full: (self.low, self.high) = (.max, .max)
        case .present, .absent:
            guard let count = rest.popFirst(), rest.count >= Int(count) else { return nil }
            for member in rest.prefix(Int(count)) {
                guard member < Self.size else { return nil }
                self.insert(Int(member))
            }
            rest = rest.dropFirst(Int(count))
            if kind == .absent { self = self.complement }
        case .bits:
            guard let low = UInt64(from: &rest), let high = UInt64(from: &rest) else { return nil }
            (self.low, self.high) = (low, high)
        }
    }

    init() {}
}

extension UInt64 {
    /// Takes eight bytes, the most significant first; nil where there are fewer.
    init?(from rest: inout ArraySlice<UInt8>) {
        guard rest.count >= 8 else { return nil }
        self = rest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        rest = rest.dropFirst(8)
    }
}
