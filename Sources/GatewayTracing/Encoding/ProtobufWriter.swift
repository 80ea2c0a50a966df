/// Writes the wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding): varints, fixed numbers, and
/// what has a length before it. Fields with the default value are left out, as proto3 does.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    private enum WireType: UInt64 { case varint = 0, fixed64 = 1, delimited = 2, fixed32 = 5 }

    mutating func varint(_ field: UInt64, _ value: UInt64) {
        guard value != 0 else { return }
        self.tag(field, .varint)
        self.append(varint: value)
    }

    mutating func fixed64(_ field: UInt64, _ value: UInt64) {
        guard value != 0 else { return }
        self.tag(field, .fixed64)
        withUnsafeBytes(of: value.littleEndian) { self.bytes.append(contentsOf: $0) }
    }

    mutating func fixed32(_ field: UInt64, _ value: UInt32) {
        guard value != 0 else { return }
        self.tag(field, .fixed32)
        withUnsafeBytes(of: value.littleEndian) { self.bytes.append(contentsOf: $0) }
    }

    mutating func string(_ field: UInt64, _ value: String) {
        guard !value.isEmpty else { return }
        self.delimited(field, Array(value.utf8))
    }

    /// 64-bit numbers as the bytes of an id, the highest first; all zero is no id.
    mutating func id(_ field: UInt64, _ words: UInt64...) {
        guard words.contains(where: { $0 != 0 }) else { return }
        self.delimited(field, words.flatMap { word in withUnsafeBytes(of: word.bigEndian) { Array($0) } })
    }

    /// A message within this one; written even if it is empty.
    mutating func message(_ field: UInt64, _ write: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        write(&inner)
        self.delimited(field, inner.bytes)
    }

    private mutating func delimited(_ field: UInt64, _ content: [UInt8]) {
        self.tag(field, .delimited)
        self.append(varint: UInt64(content.count))
        self.bytes.append(contentsOf: content)
    }

    private mutating func tag(_ field: UInt64, _ type: WireType) {
        self.append(varint: field << 3 | type.rawValue)
    }

    private mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            self.bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        self.bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
