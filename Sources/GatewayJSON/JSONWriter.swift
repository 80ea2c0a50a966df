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
    package mutating func name(_ name: String) {
        self.separate()
        Self.appendQuoted(name.utf8, to: &self.bytes)
        self.bytes.append(UInt8(ascii: ":"))
        self.needsComma = false
    }

    package mutating func string(_ value: String) {
        self.separate()
        Self.appendQuoted(value.utf8, to: &self.bytes)
        self.needsComma = true
    }

    /// Writes UTF-8 bytes as a string value. They must be valid UTF-8.
    package mutating func quoted(_ content: [UInt8]) {
        self.separate()
        Self.appendQuoted(content, to: &self.bytes)
        self.needsComma = true
    }

    package mutating func integer(_ value: Int) {
        self.raw(String(value))
    }

    package mutating func bool(_ value: Bool) {
        self.raw(value ? "true" : "false")
    }

    package mutating func null() {
        self.raw("null")
    }

    /// Writes bytes that already are one JSON value.
    package mutating func raw(_ value: [UInt8]) {
        self.separate()
        self.bytes.append(contentsOf: value)
        self.needsComma = true
    }

    /// Writes text that already is one JSON value.
    package mutating func raw(_ value: String) {
        self.separate()
        self.bytes.append(contentsOf: value.utf8)
        self.needsComma = true
    }

    /// A member with a string value.
    package mutating func member(_ name: String, _ value: String) {
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
    package mutating func member(_ name: String, raw value: [UInt8]) {
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
    @inlinable
    package static func appendQuoted(_ content: some Sequence<UInt8>, to output: inout [UInt8]) {
        let isDone: Void? = content.withContiguousStorageIfAvailable { self.appendQuoted($0, to: &output) }
        guard isDone == nil else { return }
        let copy = Array(content)
        copy.withUnsafeBufferPointer { self.appendQuoted($0, to: &output) }
    }

    /// The same for bytes in memory: copies whole runs between the bytes that need an escape.
    package static func appendQuoted(_ content: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        var start = 0
        for index in 0..<content.count {
            let byte = content[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            output.append(contentsOf: UnsafeBufferPointer(rebasing: content[start..<index]))
            self.appendEscape(byte, to: &output)
            start = index + 1
        }
        output.append(contentsOf: UnsafeBufferPointer(rebasing: content[start...]))
        output.append(UInt8(ascii: "\""))
    }

    private static func appendEscape(_ byte: UInt8, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
        case 0x0A: output.append(UInt8(ascii: "n"))
        case 0x0D: output.append(UInt8(ascii: "r"))
        case 0x09: output.append(UInt8(ascii: "t"))
        default:
            // Only control characters come here: the first of the four digits are always zeros.
            let low = byte & 15
            output.append(contentsOf: [
                UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0"), UInt8(ascii: "0") + (byte >> 4),
                low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10,
            ])
        }
    }
}
