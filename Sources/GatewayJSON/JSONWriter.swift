/// Builds one compact JSON text in a `[UInt8]`, and places the commas.
///
/// Knows nothing of correctness beyond commas: the caller pairs `begin` and `end` and gives objects names.
package struct JSONWriter {
    package private(set) var bytes: [UInt8]
    private var needsComma = false

    package init(reservingCapacity capacity: Int = 256) {
        self.bytes = []
        self.bytes.reserveCapacity(capacity)
    }

    package mutating func beginObject() { self.begin(UInt8(ascii: "{")) }
    package mutating func endObject() { self.end(UInt8(ascii: "}")) }
    package mutating func beginArray() { self.begin(UInt8(ascii: "[")) }
    package mutating func endArray() { self.end(UInt8(ascii: "]")) }

    /// Writes a member's name; its value must follow.
    package mutating func name(_ name: some StringProtocol) {
        self.separate()
        Self.appendQuoted(name.utf8, to: &self.bytes)
        self.bytes.append(UInt8(ascii: ":"))
        self.needsComma = false
    }

    package mutating func string(_ value: some StringProtocol) {
        self.separate()
        Self.appendQuoted(value.utf8, to: &self.bytes)
        self.needsComma = true
    }

    /// Writes UTF-8 bytes as a string value. They must be valid UTF-8.
    package mutating func quoted(_ content: some Sequence<UInt8>) {
        self.separate()
        Self.appendQuoted(content, to: &self.bytes)
        self.needsComma = true
    }

    package mutating func integer(_ value: some BinaryInteger) {
        self.raw(String(value).utf8)
    }

    package mutating func bool(_ value: Bool) {
        self.raw((value ? "true" : "false").utf8)
    }

    package mutating func null() {
        self.raw("null".utf8)
    }

    /// Writes bytes that already are one JSON value.
    package mutating func raw(_ value: some Collection<UInt8>) {
        self.separate()
        self.bytes.append(contentsOf: value)
        self.needsComma = true
    }

    /// A member with a string value.
    package mutating func member(_ name: String, _ value: some StringProtocol) {
        self.name(name)
        self.string(value)
    }

    /// A member with an integer value.
    package mutating func member(_ name: String, _ value: Int) {
        self.name(name)
        self.integer(value)
    }

    /// A member with a boolean value.
    package mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        self.bool(value)
    }

    /// A member with bytes that already are one JSON value.
    package mutating func member(_ name: String, raw value: some Collection<UInt8>) {
        self.name(name)
        self.raw(value)
    }

    private mutating func begin(_ byte: UInt8) {
        self.separate()
        self.bytes.append(byte)
        self.needsComma = false
    }

    private mutating func end(_ byte: UInt8) {
        self.bytes.append(byte)
        self.needsComma = true
    }

    private mutating func separate() {
        if self.needsComma { self.bytes.append(UInt8(ascii: ",")) }
    }

    /// Appends UTF-8 as a quoted string, escaping what RFC 8259 §7 says must be, and nothing else.
    package static func appendQuoted(_ content: some Sequence<UInt8>, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in content {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case 0x0A:
                output.append(contentsOf: "\\n".utf8)
            case 0x0D:
                output.append(contentsOf: "\\r".utf8)
            case 0x09:
                output.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                output.append(contentsOf: "\\u00".utf8)
                output.append(digits[Int(byte >> 4)])
                output.append(digits[Int(byte & 15)])
            default:
                output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
