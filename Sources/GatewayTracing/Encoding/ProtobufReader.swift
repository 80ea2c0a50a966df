/// Reads the fields of a message in Protocol Buffers' wire format, one after the other; ends at what it cannot read.
struct ProtobufReader {
    enum Value {
        case number(UInt64)
        case delimited(ArraySlice<UInt8>)
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        self.rest = bytes
    }

    mutating func next() -> (number: UInt64, value: Value)? {
        guard let tag = self.varint() else { return nil }
        switch tag & 7 {
        case 0: return self.varint().map { (tag >> 3, .number($0)) }
        case 1: return self.take(8).map { (tag >> 3, .delimited($0)) }
        case 2:
            guard let count = self.varint().flatMap({ Int(exactly: $0) }) else { return nil }
            return self.take(count).map { (tag >> 3, .delimited($0)) }
        case 5: return self.take(4).map { (tag >> 3, .delimited($0)) }
        default: return nil
        }
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= self.rest.count else { return nil }
        defer { self.rest = self.rest.dropFirst(count) }
        return self.rest.prefix(count)
    }

    private mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        // 64 bits are ten bytes of seven.
        for position in 0..<10 {
            guard let byte = self.rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << UInt64(7 * position)
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}
