/// Builds one compact JSON text in a `[UInt8]`, and places the commas.
///
/// Knows nothing of correctness beyond commas: the caller pairs `begin` and `end` and gives objects names.
@usableFromInline
package struct JSONWriter {
    @usableFromInline package var bytes: [UInt8]
    @usableFromInline var needsComma = false

    package init(reservingCapacity capacity: Int = 256) {
        self.bytes = []
        self.bytes.reserveCapacity(capacity)
    }

    /// Goes on behind what is in `bytes` already, without a comma.
    package init(appendingTo bytes: consuming [UInt8]) {
        self.bytes = bytes
    }

    package mutating func beginObject() { self.begin(UInt8(ascii: "{")) }
    package mutating func endObject() { self.end(UInt8(ascii: "}")) }
    package mutating func beginArray() { self.begin(UInt8(ascii: "[")) }
    package mutating func endArray() { self.end(UInt8(ascii: "]")) }

    /// Writes a member's name; its value must follow.
    package mutating func name(_ name: String) {
        self.separate()
        self.bytes.append(quoting: name)
        self.bytes.append(UInt8(ascii: ":"))
        self.needsComma = false
    }

    package mutating func string(_ value: String) {
        self.separate()
        self.bytes.append(quoting: value)
        self.needsComma = true
    }

    /// Writes UTF-8 bytes as a string value. They must be valid UTF-8.
    package mutating func quoted(_ content: [UInt8]) {
        self.separate()
        self.bytes.append(quoting: content)
        self.needsComma = true
    }

    package mutating func integer(_ value: Int) {
        self.value { $0.append(decimal: value) }
    }

    package mutating func bool(_ value: Bool) {
        self.raw(value ? "true" : "false")
    }

    package mutating func null() {
        self.raw("null")
    }

    /// Has `write` append exactly one JSON value.
    @inlinable @inline(__always)
    package mutating func value(_ write: (inout [UInt8]) -> Void) {
        self.separate()
        write(&self.bytes)
        self.needsComma = true
    }

    /// Writes bytes that already are one JSON value.
    package mutating func raw(_ value: [UInt8]) {
        self.separate()
        value.withUnsafeBufferPointer { self.bytes.append(bytes: $0) }
        self.needsComma = true
    }

    /// Writes text that already is one JSON value.
    package mutating func raw(_ value: String) {
        self.separate()
        self.bytes.append(text: value)
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

    @inlinable @inline(__always)
    mutating func separate() {
        if self.needsComma { self.bytes.append(UInt8(ascii: ",")) }
    }
}
